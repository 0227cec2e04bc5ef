import { isJsonObject, type Json, type JsonObject, objectAt, stringAt } from './json.ts';
import { explainUnknownKind, identityOf, type KnownKind, knownKindOf, shapeOf } from './kinds.ts';
import type { LocalProblem } from './problem.ts';
import { readYaml, type YamlReading } from './read-yaml.ts';
import { checkShape, type Report } from './shape.ts';
import { checkGatewayMeaning, checkServiceMeaning } from './validate-gateway.ts';
import { checkRouteMeaning } from './validate-route.ts';

/** Problems kept of one document. */
export const DOCUMENT_PROBLEMS_MAX = 100;
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
  return readResource(reading.value, report, problems);
}

/** Collects problems with their places, up to the bound. */
export function reporter(reading: YamlReading, problems: LocalProblem[]): Report {
  return (severity, code, pointer, message) => {
    if (problems.length >= DOCUMENT_PROBLEMS_MAX) return;
    problems.push({ severity, code, pointer, message, ...reading.locate(pointer) });
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
    const { severity, message } = explainUnknownKind(apiVersion, kind);
    report(severity, 'unknown-kind', '/kind', message);
    return {
      identity: unknownIdentity(apiVersion, kind, value),
      known: null,
      body: null,
      problems,
    };
  }
  const body = withoutClusterState(value);
  checkShape(shapeOf(known), body, '', report);
  if (known === 'HTTPRoute') checkRouteMeaning(body, report);
  else if (known === 'Gateway') checkGatewayMeaning(body, report);
  else if (known === 'Service') checkServiceMeaning(body, report);
  const identity = identityOf(body);
  if (identity === null) {
    if (!problems.some((problem) => problem.severity === 'error')) {
      report('error', 'bad-name', '/metadata/name', 'metadata.name must be a DNS name; change it.');
    }
    return { identity: null, known: null, body: null, problems };
  }
  return { identity: { ...identity, apiVersion }, known, body, problems };
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
