import type { Exchange } from './exchange.ts';
import { HeaderMap, type Headers } from './header-modifier.ts';
import { qualifiedOutcomeLabel } from './outcome-label.ts';
import type { GatewayRequest } from './route.ts';
import type { Expectation, Vector } from './vector-format.ts';

/** What came of a request: `200 from shop/cart after 2 calls`. */
export function exchangeInWords(played: Exchange): string {
  const { answeredBy, attempts, outcome, status } = played;
  if (outcome.kind !== 'backend') return qualifiedOutcomeLabel(outcome);
  const calls = attempts.length === 1 ? '1 call' : `${attempts.length} calls`;
  if (answeredBy === null) return `${status} from the gateway after ${calls} of ${outcome.backend}`;
  return `${status} from ${answeredBy} after ${calls}`;
}

/** What is wrong with one exchange, as a sentence; null when it is as expected. */
export function checkExchange(
  expected: Vector['expect'],
  request: GatewayRequest,
  played: Exchange,
): string | null {
  if (expected.oneOf === undefined) return checkOne(expected, request, played);
  const fitting = expected.oneOf.filter((option) => checkOne(option, request, played) === null);
  if (fitting.length === 1) return null;
  return `${fitting.length} of the ${expected.oneOf.length} expected outcomes fit; it should be one.`;
}

function checkOne(expected: Expectation, request: GatewayRequest, played: Exchange): string | null {
  return (
    checkStatus(expected, played) ??
    checkRedirect(expected, played) ??
    checkBackend(expected, request, played) ??
    checkMirrors(expected, played) ??
    checkResponse(expected, played.headers)
  );
}

function checkStatus(expected: Expectation, { status, attempts }: Exchange): string | null {
  const allowed =
    expected.statusAnyOf ?? (expected.status === undefined ? null : [expected.status]);
  if (allowed !== null && !allowed.includes(status)) {
    return `The status is ${status}, not ${allowed.join(' or ')}.`;
  }
  if (expected.noBackend === true && attempts.length > 0) return 'A backend was asked.';
  const wanted = expected.backendAttempts;
  if (wanted === undefined || wanted === attempts.length) return null;
  return `The backend was called ${attempts.length} times, not ${wanted}.`;
}

const LOCATION = /^(https?):\/\/([^/:?]*)(?::([0-9]+))?([^?]*)/;

function checkRedirect({ redirect }: Expectation, played: Exchange): string | null {
  if (redirect === undefined) return null;
  const parts = LOCATION.exec(played.location ?? '');
  if (parts === null) return 'There is no redirect.';
  const [, scheme = '', host = '', portText, path = ''] = parts;
  const defaultPort = scheme === 'http' ? 80 : 443;
  const port = portText === undefined || Number(portText) === defaultPort ? null : Number(portText);
  const got = [played.status, scheme, host, port, path || '/'].join(' ');
  const wanted = [redirect.status, redirect.scheme, redirect.host, redirect.port, redirect.path];
  return got === wanted.join(' ') ? null : `It redirects to ${got}, not to ${wanted.join(' ')}.`;
}

function checkBackend(
  expected: Expectation,
  request: GatewayRequest,
  played: Exchange,
): string | null {
  const { backend, backendPort, backendRequest } = expected;
  if (backend === undefined) return null;
  const { outcome } = played;
  if (outcome.kind !== 'backend' || played.answeredBy !== backend || played.status !== 200) {
    return `The answer should be 200 from ${backend}.`;
  }
  if (backendPort !== undefined && outcome.port !== backendPort) {
    return `The port is ${String(outcome.port)}, not ${backendPort}.`;
  }
  const { host, path, headers } = outcome.request;
  // What is not said is to arrive as it was sent.
  const wanted = backendRequest ?? request;
  if (wanted.host !== undefined && wanted.host !== host)
    return `The backend sees the host ${host}.`;
  if (wanted.path !== undefined && wanted.path !== path)
    return `The backend sees the path ${path}.`;
  return checkHeaders(
    headers,
    wanted.headers ?? {},
    backendRequest?.absentHeaders ?? [],
    'The backend',
  );
}

function checkHeaders(
  headers: Headers,
  wanted: Headers,
  absent: readonly string[],
  who: string,
): string | null {
  const seen = new HeaderMap(headers);
  for (const [name, value] of Object.entries(wanted)) {
    const got = seen.get(name.toLowerCase());
    if (got !== value) return `${who} sees ${name}: ${got ?? 'nothing'}, not ${value}.`;
  }
  for (const name of absent) {
    const got = seen.get(name.toLowerCase());
    if (got !== undefined) return `${who} sees ${name}: ${got}, which should not be there.`;
  }
  return null;
}

function checkMirrors(expected: Expectation, { mirrors }: Exchange): string | null {
  for (const name of expected.mirrors ?? []) {
    // Copies of a share are counted over all requests.
    if (expected.mirrorPercentage?.[name] !== undefined) continue;
    if (!mirrors.some(({ backend }) => backend === name)) return `${name} gets no copy.`;
  }
  return null;
}

function checkResponse(expected: Expectation, headers: Headers): string | null {
  const strip = (value: string) =>
    expected.ignoreHeaderWhitespace === true ? value.replaceAll(' ', '') : value;
  const seen = new HeaderMap(headers);
  const options: [string, readonly string[]][] = Object.entries(
    expected.responseHeadersAnyOf ?? {},
  );
  for (const [name, value] of Object.entries(expected.responseHeaders ?? {})) {
    options.push([name, [value]]);
  }
  for (const [name, values] of options) {
    const got = seen.get(name.toLowerCase());
    if (got === undefined || !values.some((value) => strip(value) === strip(got))) {
      return `The client sees ${name}: ${got ?? 'nothing'}, not ${values.join(' or ')}.`;
    }
  }
  return checkHeaders(headers, {}, expected.absentResponseHeaders ?? [], 'The client');
}

/** What is wrong with the shares over all repeats, as a sentence; null when they are as expected. */
export function checkDistribution(
  expected: Expectation,
  played: readonly Exchange[],
): string | null {
  const tolerance = expected.tolerance ?? 0;
  for (const [backend, wanted] of Object.entries(expected.distribution ?? {})) {
    const share = shareOf(played, ({ answeredBy }) => answeredBy === backend);
    if (Math.abs(share - wanted) > tolerance || (wanted === 0 && share > 0)) {
      return `${backend} gets a share of ${share}, not ${wanted}.`;
    }
  }
  for (const [name, percent] of Object.entries(expected.mirrorPercentage ?? {})) {
    const share = shareOf(played, ({ mirrors }) => mirrors.some(({ backend }) => backend === name));
    if (Math.abs(share - percent / 100) > tolerance) {
      return `${name} gets copies of ${share * 100} %, not of ${percent} %.`;
    }
  }
  return null;
}

function shareOf(played: readonly Exchange[], fits: (one: Exchange) => boolean): number {
  return played.filter(fits).length / Math.max(1, played.length);
}
