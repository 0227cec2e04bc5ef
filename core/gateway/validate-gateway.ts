import {
  hasMember,
  integerAt,
  isJsonList,
  type Json,
  type JsonObject,
  listAt,
  memberOf,
  objectAt,
  pointerInWords,
  pointerTo,
  stringAt,
} from './json.ts';
import { changeTo, type FixMaker, nearestChoice, removeAt } from './problem-fix.ts';
import { type Report, show } from './shape.ts';
import { checkRepeats } from './validate-entries.ts';

const PROTOCOLS = ['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP'];
const SELECTOR_OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** Stage two for Gateway. */
export function checkGatewayMeaning(body: JsonObject, report: Report): void {
  const listeners = listAt(objectAt(body, 'spec'), 'listeners');
  const pointer = '/spec/listeners';
  checkRepeats(listeners, pointer, (entry) => stringAt(entry, 'name'), 'listener name', report);
  listeners.forEach((listener, index) => {
    const at = pointerTo(pointer, index);
    checkProtocol(listener, at, report);
    checkAllowedRoutes(objectAt(listener, 'allowedRoutes'), `${at}/allowedRoutes`, report);
  });
  checkConflicts(listeners, pointer, report);
}

/** Stage two for Service. */
export function checkServiceMeaning(body: JsonObject, report: Report): void {
  const ports = listAt(objectAt(body, 'spec'), 'ports');
  checkRepeats(ports, '/spec/ports', (port) => stringAt(port, 'name'), 'port name', report);
}

/** Draining a Backend is a state of its own; a test of a breaker, or a switched-off site, needs it. */
export function checkBackendMeaning(body: JsonObject, report: Report): void {
  const endpoints = memberOf(objectAt(body, 'spec'), 'endpoints');
  if (!isJsonList(endpoints) || endpoints.length > 0) return;
  const message =
    'This Backend has no endpoints, so requests that are sent to it are answered 503; add one unless that is meant.';
  report('warning', 'backend-drained', '/spec/endpoints', message);
}

function checkProtocol(listener: Json, pointer: string, report: Report): void {
  const protocol = stringAt(listener, 'protocol');
  if (protocol === undefined) return;
  const at = `${pointer}/protocol`;
  if (!PROTOCOLS.includes(protocol)) {
    const near = nearestChoice(protocol, PROTOCOLS);
    const guess = near === null ? '' : ` Did you mean "${near}"?`;
    const vendor = /^[a-zA-Z0-9.-]+\/[a-zA-Z0-9.-]+$/.test(protocol);
    report(
      vendor ? 'warning' : 'error',
      vendor ? 'protocol-not-served' : 'not-a-choice',
      at,
      `${pointerInWords(at)} must be HTTP or HTTPS to be served; it is ${show(protocol)}.${guess}`,
      () => (near === null ? undefined : changeTo(at, near)),
    );
    return;
  }
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') {
    const message = `Holdfast's nodes do not serve ${protocol} listeners; this one has no effect.`;
    report('warning', 'protocol-not-served', at, message);
  }
  const tls = objectAt(listener, 'tls');
  if (tls !== undefined && protocol !== 'HTTPS' && protocol !== 'TLS') {
    const message = `A ${protocol} listener takes no tls; remove it, or make the protocol HTTPS.`;
    report('error', 'tls-not-allowed', `${pointer}/tls`, message, () =>
      removeAt(`${pointer}/tls`, 'tls'),
    );
  }
  if (protocol === 'HTTPS') checkTls(tls, pointer, report);
  if ((protocol === 'TCP' || protocol === 'UDP') && hasMember(listener, 'hostname')) {
    report(
      'error',
      'hostname-not-allowed',
      `${pointer}/hostname`,
      `A ${protocol} listener cannot tell hostnames apart; remove hostname.`,
      () => removeAt(`${pointer}/hostname`, 'hostname'),
    );
  }
}

function checkTls(tls: JsonObject | undefined, pointer: string, report: Report): void {
  if (tls === undefined) {
    report('error', 'tls-missing', pointer, 'An HTTPS listener needs tls.certificateRefs; add it.');
  } else if (stringAt(tls, 'mode') === 'Passthrough') {
    report(
      'error',
      'tls-mode',
      `${pointer}/tls/mode`,
      'An HTTPS listener ends TLS itself: the mode must be Terminate.',
      () => changeTo(`${pointer}/tls/mode`, 'Terminate'),
    );
  } else if (listAt(tls, 'certificateRefs').length === 0 && !hasMember(tls, 'options')) {
    report(
      'error',
      'tls-missing',
      `${pointer}/tls`,
      'An HTTPS listener needs a certificate; name its Secret in tls.certificateRefs.',
    );
  }
}

function checkAllowedRoutes(
  allowed: JsonObject | undefined,
  pointer: string,
  report: Report,
): void {
  const namespaces = objectAt(allowed, 'namespaces');
  const selector = objectAt(namespaces, 'selector');
  if (stringAt(namespaces, 'from') === 'Selector' && selector === undefined) {
    report(
      'error',
      'missing-field',
      `${pointer}/namespaces`,
      'from: Selector needs a selector; add selector.matchLabels.',
    );
  }
  listAt(selector, 'matchExpressions').forEach((expression, index) => {
    const at = pointerTo(`${pointer}/namespaces/selector/matchExpressions`, index);
    const operator = stringAt(expression, 'operator');
    if (operator === undefined) return;
    if (!SELECTOR_OPERATORS.includes(operator)) {
      report(
        'error',
        'not-a-choice',
        `${at}/operator`,
        `The operator must be one of ${SELECTOR_OPERATORS.join(', ')}; it is ${show(operator)}.`,
        () => {
          const near = nearestChoice(operator, SELECTOR_OPERATORS);
          return near === null ? undefined : changeTo(`${at}/operator`, near);
        },
      );
      return;
    }
    const listed = listAt(expression, 'values').length > 0;
    const needed = operator === 'In' || operator === 'NotIn';
    if (listed === needed) return;
    const message = needed ? `${operator} needs values; add them.` : `${operator} takes no values.`;
    report('error', 'selector-values', at, message, () =>
      needed ? undefined : removeAt(`${at}/values`, 'values'),
    );
  });
}

/** The port that everybody expects of a protocol, where it is free. */
function portFix(listeners: readonly Json[], protocol: string, pointer: string): FixMaker {
  return () => {
    const usual = protocol === 'HTTPS' ? 443 : 80;
    const known = protocol === 'HTTPS' || protocol === 'HTTP';
    const isTaken = listeners.some((one) => integerAt(one, 'port') === usual);
    return known && !isTaken ? changeTo(pointer, usual) : undefined;
  };
}

/** On one port, listeners must share a protocol and differ in hostname. */
function checkConflicts(listeners: readonly Json[], pointer: string, report: Report): void {
  const protocolOf = new Map<number, string>();
  const seen = new Set<string>();
  listeners.forEach((listener, index) => {
    const port = integerAt(listener, 'port');
    const protocol = stringAt(listener, 'protocol');
    if (port === undefined || protocol === undefined) return;
    const at = pointerTo(pointer, index);
    const first = protocolOf.get(port);
    if (first !== undefined && first !== protocol) {
      report(
        'error',
        'listener-conflict',
        `${at}/protocol`,
        `Port ${port} already speaks ${first}; use another port for ${protocol}.`,
        portFix(listeners, protocol, `${at}/port`),
      );
    } else protocolOf.set(port, protocol);
    const identity = `${port} ${(stringAt(listener, 'hostname') ?? '').toLowerCase()}`;
    if (seen.has(identity) && first === protocol) {
      report(
        'error',
        'listener-conflict',
        at,
        `Port ${port} already has a listener for the same hostname; give this one another.`,
      );
    }
    seen.add(identity);
  });
}
