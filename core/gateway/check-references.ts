import type { ResourceKey } from '../config/ids.ts';
import type { JsonObject } from './json.ts';
import { ListenerReach } from './listener-reach.ts';
import { boundedProblem, makeRoom, type ReadDocument } from './parse-document.ts';
import type { LocalProblem } from './problem.ts';
import { readYaml } from './read-yaml.ts';
import { type Finding, Suggestions } from './reference-finding.ts';
import { type IndexedRoute, indexResources } from './resource-index.ts';
import { conditionsOf, type RouteConditions } from './route-conditions.ts';
import { checkListenerSetReferences } from './validate-listener-sets.ts';
import { checkPolicyReferences } from './validate-policy-references.ts';
import { checkRouteReferences, type RouteSurroundings } from './validate-references.ts';
import { checkShadowing } from './validate-shadowing.ts';

/** A document as stage three sees it. Its problems are added to, and amended, in place. */
export interface ReferenceSubject {
  readonly key: ResourceKey;
  readonly source: string;
  readonly read: ReadDocument;
  readonly problems: LocalProblem[];
}

/** What a route is found to be, as long as nothing but routes changes. */
interface RouteReading {
  readonly findings: readonly Finding[];
  readonly places: readonly string[];
}

/** What of an earlier reading still holds, when only routes have changed since. */
interface Surroundings extends RouteSurroundings {
  /** All bodies but those of routes: while these are the same, so is what routes refer to. */
  readonly bodies: readonly JsonObject[];
  readonly readings: WeakMap<JsonObject, RouteReading>;
  readonly nearest: Map<string, string | null>;
}

type Place = ReturnType<ReturnType<typeof readYaml>['locate']>;

/**
 * Remembers what was found of references by the identity of the bodies, so that an edit to a route
 * costs the reading of that route.
 */
export class ReferenceMemory {
  /** Of bodies alone, whatever stands around them. */
  readonly conditions = new WeakMap<JsonObject, RouteConditions>();
  readonly places = new WeakMap<ReadDocument, Map<string, Place>>();
  surroundings: Surroundings | null = null;
}

/**
 * Stage three, for all documents of a text: references, attachment, and rules that no request can
 * reach. Of several documents with one key only the first is judged, as only one can be meant.
 */
export function checkReferences(
  subjects: readonly ReferenceSubject[],
  memory: ReferenceMemory = new ReferenceMemory(),
): void {
  const subjectOf = new Map<string, ReferenceSubject>();
  const resources: { key: ResourceKey; body: JsonObject }[] = [];
  for (const subject of subjects) {
    const { body } = subject.read;
    if (body === null || subjectOf.has(subject.key)) continue;
    subjectOf.set(subject.key, subject);
    resources.push({ key: subject.key, body });
  }
  const index = indexResources(resources);
  const around = surroundingsOf(index, subjectOf, memory);
  const found = new Map<ReferenceSubject, Finding[]>();
  const placed = index.routes.flatMap((route) => {
    const subject = subjectOf.get(route.key);
    if (subject === undefined) return [];
    const reading = readRoute(around, route);
    const findings = [...reading.findings];
    found.set(subject, findings);
    const conditions = memory.conditions.get(route.body) ?? conditionsOf(route);
    memory.conditions.set(route.body, conditions);
    return [{ conditions, places: reading.places, find: (one: Finding) => findings.push(one) }];
  });
  checkShadowing(placed);
  const foundOfPolicies = new Map<ReferenceSubject, Finding[]>();
  checkPolicyReferences(index, resources, ({ key }) => {
    const subject = subjectOf.get(key);
    if (subject === undefined) return undefined;
    const findings: Finding[] = [];
    foundOfPolicies.set(subject, findings);
    return (one) => findings.push(one);
  });
  for (const subject of subjectOf.values()) {
    const { body, known, identity } = subject.read;
    if (known !== 'ListenerSet' || body === null || identity === null) continue;
    const findings: Finding[] = [];
    found.set(subject, findings);
    checkListenerSetReferences(index, { ...identity, body }, (one) => findings.push(one));
  }
  const suggestions = new Suggestions(around.nearest);
  for (const [subject, findings] of found) addFindings(subject, findings, suggestions, memory);
  // What policies mean may be a route, whose names the memo of the surroundings does not follow.
  const fresh = new Suggestions();
  for (const [subject, findings] of foundOfPolicies) addFindings(subject, findings, fresh, memory);
}

function surroundingsOf(
  index: RouteSurroundings['index'],
  subjectOf: ReadonlyMap<string, ReferenceSubject>,
  memory: ReferenceMemory,
): Surroundings {
  const bodies: JsonObject[] = [];
  const keys = new Set<string>();
  for (const [key, { read }] of subjectOf) {
    if (read.body === null || read.known === 'HTTPRoute') continue;
    bodies.push(read.body);
    keys.add(key);
  }
  const held = memory.surroundings;
  if (held !== null && isSame(held.bodies, bodies)) return held;
  const made: Surroundings = {
    index,
    reach: new ListenerReach(index),
    keys,
    bodies,
    readings: new WeakMap(),
    nearest: new Map(),
  };
  memory.surroundings = made;
  return made;
}

function isSame(a: readonly JsonObject[], b: readonly JsonObject[]): boolean {
  return a.length === b.length && a.every((body, position) => body === b[position]);
}

function readRoute(around: Surroundings, route: IndexedRoute): RouteReading {
  const held = around.readings.get(route.body);
  if (held !== undefined) return held;
  const findings: Finding[] = [];
  const attachments = checkRouteReferences(around, route, (finding) => {
    if (makeRoom(findings, finding.severity)) findings.push(finding);
  });
  const places = new Set<string>();
  for (const { listener, hostnames } of attachments) {
    for (const hostname of hostnames) {
      if (around.reach.takerOf(listener, hostname) !== null) continue;
      places.add(`${listener.port} ${listener.scheme} ${listener.hostname} ${hostname}`);
    }
  }
  const reading = { findings, places: [...places] };
  around.readings.set(route.body, reading);
  return reading;
}

/** Most routes have nothing to report, so a text is read for places only when one has. */
function addFindings(
  subject: ReferenceSubject,
  findings: readonly Finding[],
  suggestions: Suggestions,
  memory: ReferenceMemory,
): void {
  const { problems } = subject;
  const kept: Finding[] = [];
  const isError = ({ severity }: Finding) => severity === 'error';
  const errorsFirst = [...findings.filter(isError), ...findings.filter((one) => !isError(one))];
  for (const finding of errorsFirst) {
    if (finding.amends === true) amend(problems, finding);
    else if (makeRoom(problems, finding.severity, kept.length)) {
      kept.push(suggestions.settle(finding));
    }
  }
  if (kept.length === 0) return;
  const places = placesOf(subject, kept, memory);
  for (const { severity, code, pointer, message, fix } of kept) {
    const place = places.get(pointer) ?? { line: 1, column: 1 };
    problems.push(boundedProblem({ severity, code, pointer, message, ...place }, fix));
  }
}

function amend(problems: LocalProblem[], { code, pointer, fix }: Finding): void {
  if (fix === undefined) return;
  const at = problems.findIndex((one) => one.code === code && one.pointer === pointer);
  const problem = problems[at];
  if (problem !== undefined && problem.fix === undefined) problems[at] = { ...problem, fix };
}

/** A renamed Gateway makes every route say so: each is read for its places once, not each time. */
function placesOf(
  { source, read }: ReferenceSubject,
  findings: readonly Finding[],
  memory: ReferenceMemory,
): ReadonlyMap<string, Place> {
  const held = memory.places.get(read) ?? new Map<string, Place>();
  memory.places.set(read, held);
  const missing = findings.filter(({ pointer }) => !held.has(pointer));
  if (missing.length === 0) return held;
  const reading = readYaml(source);
  for (const { pointer } of missing) held.set(pointer, reading.locate(pointer));
  return held;
}
