import { integerAt, type Json, listAt, memberOf, objectAt, stringAt } from '../json.ts';
import type { ParsedConfig } from '../parse-config.ts';
import { SUITE_REQUESTS_MAX } from '../shapes-suite.ts';
import type { SuiteExpectation, SuiteRequest } from './suite-request.ts';

/** Requests that are read, answered and compared of all suites together. */
export const SUITES_REQUESTS_MAX = 2_000;

export interface SuiteReading {
  readonly requests: readonly SuiteRequest[];
  /** Requests beyond the bounds: they are not answered, and a person should be told. */
  readonly leftOut: number;
}

/** The requests of all suites of a config, in the order of the text, up to the bounds. */
export function readSuites(parsed: ParsedConfig): readonly SuiteRequest[] {
  return readSuiteTable(parsed).requests;
}

/** The same, and how many requests are beyond the bounds. What is no request at all is passed over. */
export function readSuiteTable(parsed: ParsedConfig): SuiteReading {
  const requests: SuiteRequest[] = [];
  let written = 0;
  for (const { kind, known, body, namespace, name } of parsed.documents) {
    if (kind !== 'RequestSuite' || !known || body === null) continue;
    const suite = `${namespace}/${name}`;
    const entries = listAt(objectAt(body, 'spec'), 'requests');
    written += entries.length;
    const free = Math.min(SUITE_REQUESTS_MAX, SUITES_REQUESTS_MAX - requests.length);
    entries.slice(0, free).forEach((entry, index) => {
      requests.push(readRequest(suite, entry, index));
    });
  }
  return { requests, leftOut: written - requests.length };
}

function readRequest(suite: string, entry: Json, index: number): SuiteRequest {
  const headers: Record<string, string> = {};
  const written = objectAt(entry, 'headers') ?? {};
  for (const name of Object.keys(written)) {
    const value = headerText(memberOf(written, name));
    // A header may be called __proto__ like any other.
    if (value !== null) Object.defineProperty(headers, name, { value, enumerable: true });
  }
  return {
    suite,
    name: stringAt(entry, 'name') ?? `request ${index + 1}`,
    method: stringAt(entry, 'method') ?? 'GET',
    url: stringAt(entry, 'url') ?? '',
    headers,
    expect: readExpectation(memberOf(entry, 'expect')),
  };
}

function headerText(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** The first that is stated of backend, redirect and status. */
function readExpectation(expect: Json | undefined): SuiteExpectation | null {
  const backend = stringAt(expect, 'backend');
  if (backend !== undefined) return { kind: 'backend', backend };
  const location = stringAt(expect, 'redirect');
  const status = integerAt(expect, 'status') ?? null;
  if (location !== undefined) return { kind: 'redirect', location, status };
  return status === null ? null : { kind: 'status', status };
}
