import { isJsonObject, type Json, type JsonObject, objectAt, stringAt } from './json.ts';
import {
  explainUnknownKind,
  GATEWAY_GROUP,
  identityOf,
  type KnownKind,
  knownKindOf,
  shapeOf,
} from './kinds.ts';
import type { LocalProblem, ProblemFix } from './problem.ts';
import { changeTo } from './problem-fix.ts';
import { readYaml, type YamlReading } from './read-yaml.ts';
import { checkSecrets } from './secrets.ts';
import { checkShape, type Report } from './shape.ts';
import {
  checkBackendMeaning,
  checkGatewayMeaning,
  checkServiceMeaning,
} from './validate-gateway.ts';
import {
  checkAuthPolicyMeaning,
  checkFeatureFlagMeaning,
  checkTrafficPolicyMeaning,
} from './validate-policy.ts';
import { checkRouteMeaning } from './validate-route.ts';
import { checkRequestSuiteMeaning } from './validate-suite.ts';

/** Problems kept of one document. */
const DOCUMENT_PROBLEMS_MAX = 100;
/** Longest sentence of a problem. */
const MESSAGE_CHARS_MAX = 900;
/** Largest fix, as JSON: one that moves half a document is none. */
const FIX_CHARS_MAX = 32 * 1024;
const HALF_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** Longest key that the wire takes for an unknown kind, in characters. */
const UNKNOWN_KEY_CHARS_MAX = 500;

/** What one document's text says, whatever stands around it; lines count within the text. */
export interface ReadDocument {
  /** Null when nothing tells what the document is: its key then comes from its position. */
  readonly identity: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    /** Unknown kinds are told apart by apiVersion too. */
    readonly apiVersion: string;
  } | null;
  readonly known: KnownKind | null;
  /** Without `status`; null unless the kind is known and the document readable. */
  readonly body: JsonObject | null;
  readonly problems: readonly LocalProblem[];
  /** What its patterns cost to compile, as `patternCost` counts. */
  readonly patternCost?: number;
}

/** Reads and checks one document: shape and meaning. Never throws. */
export function parseDocument(source: string): ReadDocument {
  const reading = readYaml(source);
  if (reading.value === undefined) {
    return { identity: null, known: null, body: null, problems: reading.problems };
  }
  const problems: LocalProblem[] = [...reading.problems];
  const report = reporter(reading, problems);
  if (!isJsonObject(reading.value)) {
    const message = 'This document is not a resource: it must be a map with apiVersion and kind.';
    report('error', 'not-a-resource', '', message);
    return { identity: null, known: null, body: null, problems };
  }
  checkSecrets(source, reading.value, report, (offset, code, message) => {
    if (!makeRoom(problems, 'error')) return;
    problems.push({ severity: 'error', code, message, pointer: '', ...reading.place(offset) });
  });
  return readResource(reading.value, exceptOfSecrets(problems, report), problems);
}

/** Collects problems with their places, up to the bound. */
export function reporter(reading: YamlReading, problems: LocalProblem[]): Report {
  return (severity, code, pointer, message, makeFix) => {
    if (!makeRoom(problems, severity)) return;
    const sentence = typeof message === 'string' ? message : message();
    const problem = { severity, code, pointer, message: sentence, ...reading.locate(pointer) };
    problems.push(boundedProblem(problem, makeFix?.(reading)));
  };
}

/**
 * Whether one more of this severity is kept of a document, besides `held` others. Beyond the bound an
 * error takes the place of what is less, or a flood of warnings would let through what blocks publishing.
 */
export function makeRoom(
  problems: Pick<LocalProblem, 'severity'>[],
  severity: LocalProblem['severity'],
  held = 0,
): boolean {
  if (problems.length + held < DOCUMENT_PROBLEMS_MAX) return true;
  if (severity !== 'error') return false;
  const lesser = problems.findLastIndex((problem) => problem.severity !== 'error');
  if (lesser < 0) return false;
  problems.splice(lesser, 1);
  return true;
}

/** A problem that quotes no more of a hostile text than a person would read, and copies little. */
export function boundedProblem(problem: LocalProblem, fix: ProblemFix | undefined): LocalProblem {
  const { message } = problem;
  const cut = message.length > MESSAGE_CHARS_MAX;
  const sentence = cut ? `${message.slice(0, MESSAGE_CHARS_MAX - 1)}…` : message;
  // What was cut short, here or where a value is quoted, may end in half of a surrogate pair.
  const kept = { ...problem, message: sentence.replace(HALF_PAIR, '\ufffd') };
  if (fix === undefined || JSON.stringify(fix).length > FIX_CHARS_MAX) return kept;
  return { ...kept, fix };
}

/** A secret is to be taken out, so nothing is said of how its field might be spelled. */
function exceptOfSecrets(found: readonly LocalProblem[], report: Report): Report {
  if (found.length === 0) return report;
  const secrets = new Set(
    found.flatMap(({ code, pointer }) => (code === 'secret' ? [pointer] : [])),
  );
  return (severity, code, pointer, ...rest) => {
    if (code !== 'unknown-field' || !secrets.has(pointer)) report(severity, code, pointer, ...rest);
  };
}

function readResource(
  value: JsonObject,
  report: Report,
  problems: readonly LocalProblem[],
): ReadDocument {
  const apiVersion = stringAt(value, 'apiVersion') ?? '';
  const kind = stringAt(value, 'kind') ?? '';
  if (apiVersion === '' || kind === '') {
    const missing = apiVersion === '' ? 'apiVersion' : 'kind';
    report('error', 'not-a-resource', '', `"${missing}" is missing or not text; add it.`);
    return { identity: null, known: null, body: null, problems };
  }
  const known = knownKindOf(apiVersion, kind);
  if (known === null) {
    const { severity, code, message } = explainUnknownKind(apiVersion, kind);
    report(severity, code, '/kind', message);
    return {
      identity: unknownIdentity(apiVersion, kind, value),
      known: null,
      body: null,
      problems,
    };
  }
  const body = withoutClusterState(value);
  checkShape(shapeOf(known), body, '', report);
  checkVersion(known, apiVersion, report);
  const patternCost = known === 'HTTPRoute' ? checkRouteMeaning(body, report) : 0;
  checkMeaning(known, body, report);
  const identity = identityOf(body);
  if (identity === null) {
    if (!problems.some((problem) => problem.severity === 'error')) {
      report('error', 'bad-name', '/metadata/name', 'metadata.name must be a DNS name; change it.');
    }
    return { identity: null, known: null, body: null, problems };
  }
  return { identity: { ...identity, apiVersion }, known, body, problems, patternCost };
}

/** Stage two of every kind but HTTPRoute, whose patterns are counted besides. */
function checkMeaning(kind: KnownKind, body: JsonObject, report: Report): void {
  if (kind === 'Gateway' || kind === 'ListenerSet') checkGatewayMeaning(body, report);
  else if (kind === 'Service') checkServiceMeaning(body, report);
  else if (kind === 'Backend') checkBackendMeaning(body, report);
  else if (kind === 'TrafficPolicy') checkTrafficPolicyMeaning(body, report);
  else if (kind === 'AuthPolicy') checkAuthPolicyMeaning(body, report);
  else if (kind === 'FeatureFlag') checkFeatureFlagMeaning(body, report);
  else if (kind === 'RequestSuite') checkRequestSuiteMeaning(body, report);
}

/** Versions that the API itself has left behind. A v1beta1 ReferenceGrant is what clusters run. */
function checkVersion(kind: KnownKind, apiVersion: string, report: Report): void {
  if (apiVersion !== `${GATEWAY_GROUP}/v1beta1` || kind === 'ReferenceGrant') return;
  const current = `${GATEWAY_GROUP}/v1`;
  const message = `${apiVersion} is deprecated for ${kind}; write ${current}.`;
  report('info', 'deprecated-version', '/apiVersion', message, () =>
    changeTo('/apiVersion', current),
  );
}

function unknownIdentity(
  apiVersion: string,
  kind: string,
  value: JsonObject,
): ReadDocument['identity'] {
  const metadata = objectAt(value, 'metadata');
  const name = stringAt(metadata, 'name');
  const namespace = stringAt(metadata, 'namespace') ?? '';
  if (name === undefined || name === '') return null;
  const chars = apiVersion.length + kind.length + namespace.length + name.length;
  return chars > UNKNOWN_KEY_CHARS_MAX ? null : { kind, namespace, name, apiVersion };
}

/** What a cluster writes is no part of what a person wants: status, and a null creation time. */
function withoutClusterState(value: JsonObject): JsonObject {
  const body: Record<string, Json> = { ...value };
  delete body.status;
  const metadata = objectAt(value, 'metadata');
  if (metadata?.creationTimestamp === null) {
    const kept: Record<string, Json> = { ...metadata };
    delete kept.creationTimestamp;
    body.metadata = kept;
  }
  return body;
}
