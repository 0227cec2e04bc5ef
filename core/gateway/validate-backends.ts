import { type BackendTarget, backendFailureOf, backendTargetOf } from './backend-reference.ts';
import { hasMember, type Json, listAt, objectAt, pointerTo, stringAt } from './json.ts';
import { GATEWAY_GROUP, HOLDFAST_GROUP } from './kinds.ts';
import { nearestName } from './near-name.ts';
import type { ProblemFix } from './problem.ts';
import { addAt, addDocument, changeTo } from './problem-fix.ts';
import type { Find } from './reference-finding.ts';
import type { IndexedBackend, IndexedRoute, ResourceIndex } from './resource-index.ts';

/** What references are judged against. */
export interface ReferenceTargets {
  readonly index: ResourceIndex;
  /** Of every document that can be read. */
  readonly keys: ReadonlySet<string>;
}

/** Everything that a route's rules refer to: backends, mirrors, flags. */
export function checkRuleReferences(
  targets: ReferenceTargets,
  route: IndexedRoute,
  find: Find,
): void {
  listAt(objectAt(route.body, 'spec'), 'rules').forEach((rule, ruleIndex) => {
    const pointer = pointerTo('/spec/rules', ruleIndex);
    checkFilterReferences(targets, route, rule, pointer, find);
    listAt(rule, 'backendRefs').forEach((reference, position) => {
      const at = pointerTo(`${pointer}/backendRefs`, position);
      checkBackend(targets, route, reference, at, find);
      checkFilterReferences(targets, route, reference, at, find);
    });
  });
}

function checkFilterReferences(
  targets: ReferenceTargets,
  route: IndexedRoute,
  owner: Json,
  pointer: string,
  find: Find,
): void {
  listAt(owner, 'filters').forEach((filter, position) => {
    const at = pointerTo(`${pointer}/filters`, position);
    const mirrored = objectAt(objectAt(filter, 'requestMirror'), 'backendRef');
    if (mirrored !== undefined) {
      checkBackend(targets, route, mirrored, `${at}/requestMirror/backendRef`, find);
    }
    const extension = objectAt(filter, 'extensionRef');
    if (extension === undefined || stringAt(filter, 'type') !== 'ExtensionRef') return;
    checkExtension(targets, route, extension, `${at}/extensionRef`, find);
  });
}

/** The only extension that nodes understand is a FeatureFlag; anything else answers 500. */
function checkExtension(
  { keys }: ReferenceTargets,
  route: IndexedRoute,
  reference: Json,
  pointer: string,
  find: Find,
): void {
  const name = stringAt(reference, 'name');
  const kind = stringAt(reference, 'kind');
  const group = stringAt(reference, 'group') ?? '';
  if (name === undefined || kind === undefined) return;
  if (group !== HOLDFAST_GROUP || kind !== 'FeatureFlag') {
    const message = `Nodes cannot resolve this ExtensionRef to a ${kind}${group === '' ? '' : ` of ${group}`}, so its requests are answered with 500; refer to a FeatureFlag of ${HOLDFAST_GROUP}, or remove the filter.`;
    find({ severity: 'warning', code: 'foreign-extension', pointer, message });
    return;
  }
  const place = `FeatureFlag/${route.namespace}/`;
  if (keys.has(`${place}${name}`)) return;
  find({
    severity: 'error',
    code: 'missing-flag',
    pointer: `${pointer}/name`,
    message: `There is no FeatureFlag ${route.namespace}/${name} in this config, so its requests are answered with 500; add it or change the name.`,
    near: {
      memoKey: `${place}${name}`,
      find: () => nearestName(name, namesUnder(place, keys)),
      fixTo: (near) => changeTo(`${pointer}/name`, near),
    },
  });
}

function checkBackend(
  targets: ReferenceTargets,
  route: IndexedRoute,
  reference: Json,
  pointer: string,
  find: Find,
): void {
  const target = backendTargetOf(reference, route.namespace);
  if (target === null) return;
  const failure = backendFailureOf(targets.index, route.namespace, target);
  switch (failure) {
    case 'unknown-kind':
      reportKind(targets, target, reference, pointer, find);
      return;
    case 'not-permitted':
      find({
        severity: 'error',
        code: 'reference-not-permitted',
        pointer,
        message: `${inWords(target)} lies in another namespace and no ReferenceGrant there permits it; add one to ${target.namespace} from ${GATEWAY_GROUP} HTTPRoute in ${route.namespace}.`,
        fix: grantFix(targets, route, target),
      });
      return;
    case 'missing':
      reportMissing(targets, target, pointer, find);
      return;
    case 'missing-port':
      reportPort(targets, target, pointer, find);
      return;
    case 'foreign-protocol':
      find({
        severity: 'error',
        code: 'foreign-protocol',
        pointer: `${pointer}/port`,
        message: `Port ${String(target.port)} of ${inWords(target)} does not speak HTTP (see its protocol and appProtocol), so its requests are answered with 500; refer to another port.`,
      });
      return;
    default:
      return;
  }
}

function inWords(target: BackendTarget): string {
  return `${target.kind} ${target.namespace}/${target.name}`;
}

function backendAt(
  { index }: ReferenceTargets,
  kind: 'Service' | 'Backend',
  target: BackendTarget,
): IndexedBackend | undefined {
  return index.backends.get(`${kind}/${target.namespace}/${target.name}`);
}

function reportKind(
  targets: ReferenceTargets,
  target: BackendTarget,
  reference: Json,
  pointer: string,
  find: Find,
): void {
  const of = target.group === '' ? '' : ` of ${target.group}`;
  const service = backendAt(targets, 'Service', target);
  const own = backendAt(targets, 'Backend', target);
  const meant = service !== undefined ? 'Service' : own !== undefined ? 'Backend' : null;
  const fix = meant === null ? undefined : kindFix(targets, meant, target, reference, pointer);
  const there = meant === null ? '' : ` There is a ${meant} of that name.`;
  find({
    severity: 'error',
    code: 'unknown-backend-kind',
    pointer: hasMember(reference, 'kind') ? `${pointer}/kind` : `${pointer}/group`,
    message: `Requests cannot be sent to a ${target.kind}${of}; refer to a Service, or to a Backend of ${HOLDFAST_GROUP}.${there}`,
    fix,
  });
}

/** The same name as another kind, when that kind has the port or needs none. */
function kindFix(
  targets: ReferenceTargets,
  kind: 'Service' | 'Backend',
  target: BackendTarget,
  reference: Json,
  pointer: string,
): ProblemFix | undefined {
  const held = backendAt(targets, kind, target);
  if (held === undefined) return undefined;
  const ops: ProblemFix['ops'][number][] = [];
  if (kind === 'Service') {
    if (hasMember(reference, 'group')) ops.push({ op: 'remove', pointer: `${pointer}/group` });
    if (hasMember(reference, 'kind')) ops.push({ op: 'remove', pointer: `${pointer}/kind` });
  } else {
    ops.push({ op: 'set', pointer: `${pointer}/group`, value: HOLDFAST_GROUP });
    ops.push({ op: 'set', pointer: `${pointer}/kind`, value: kind });
  }
  const fits = target.port !== null && held.ports.has(target.port);
  if (!fits && !(kind === 'Backend' && target.port === null)) {
    const [only, ...more] = held.ports;
    if (only === undefined || more.length > 0) return undefined;
    ops.push({ op: 'set', pointer: `${pointer}/port`, value: only });
  }
  return { title: `Refer to the ${kind} ${target.name}`, ops, addDocument: null };
}

function reportMissing(
  targets: ReferenceTargets,
  target: BackendTarget,
  pointer: string,
  find: Find,
): void {
  const other = target.kind === 'Service' ? 'Backend' : 'Service';
  const message = `There is no ${inWords(target)} in this config; add it or change the name.`;
  const code = 'missing-backend';
  if (backendAt(targets, other, target) !== undefined) {
    const reference = { group: target.group, kind: target.kind };
    find({
      severity: 'error',
      code,
      pointer: `${pointer}/name`,
      message: `There is no ${inWords(target)} in this config, but there is a ${other} of that name; change kind and group.`,
      fix: kindFix(targets, other, target, reference, pointer),
    });
    return;
  }
  const { backends } = targets.index;
  const place = `${target.kind}/${target.namespace}/`;
  find({
    severity: 'error',
    code,
    pointer: `${pointer}/name`,
    message,
    near: {
      memoKey: `${place}${target.name}`,
      // Names alone when only the name differs, so that the answer can be typed as it stands.
      find: () =>
        nearestName(target.name, namesUnder(place, backends.keys())) ??
        nearestName(`${place}${target.name}`, backends.keys()),
      fixTo: (near) => nearBackendFix(targets, target, near, pointer),
    },
  });
}

/** A near name with the port that fits it; none where a grant or another kind would be needed too. */
function nearBackendFix(
  targets: ReferenceTargets,
  target: BackendTarget,
  near: string,
  pointer: string,
): ProblemFix | undefined {
  if (near.includes('/')) return undefined;
  const held = targets.index.backends.get(`${target.kind}/${target.namespace}/${near}`);
  if (held === undefined) return undefined;
  const fix = changeTo(`${pointer}/name`, near);
  if (target.port === null || held.ports.has(target.port)) return fix;
  const [only, ...more] = held.ports;
  if (only === undefined || more.length > 0) return undefined;
  return {
    ...fix,
    title: `${fix.title}, port ${only}`,
    ops: [...fix.ops, { op: 'set', pointer: `${pointer}/port`, value: only }],
  };
}

function reportPort(
  targets: ReferenceTargets,
  target: BackendTarget,
  pointer: string,
  find: Find,
): void {
  const held = targets.index.backends.get(`${target.kind}/${target.namespace}/${target.name}`);
  const ports = [...(held?.ports ?? [])];
  const only = ports.length === 1 ? ports[0] : undefined;
  const at = `${pointer}/port`;
  if (target.port === null) {
    // Said with the reference's shape already; only the port to add was not known there.
    const fix = only === undefined ? undefined : addAt(at, only, `port ${only}`);
    find({ severity: 'error', code: 'missing-port', pointer, message: '', fix, amends: true });
    return;
  }
  const names = ports.map(String);
  find({
    severity: 'error',
    code: 'missing-port',
    pointer: at,
    message: `${inWords(target)} has no port ${target.port}; it has ${listed(names)}.`,
    fix: only === undefined ? undefined : changeTo(at, only),
  });
}

function* namesUnder(place: string, keys: Iterable<string>): Iterable<string> {
  for (const key of keys) if (key.startsWith(place)) yield key.slice(place.length);
}

/** A grant for this one target, offered only when nothing else is wrong with the reference. */
function grantFix(
  { index, keys }: ReferenceTargets,
  route: IndexedRoute,
  target: BackendTarget,
): ProblemFix | undefined {
  const held = index.backends.get(`${target.kind}/${target.namespace}/${target.name}`);
  if (held === undefined) return undefined;
  if (target.kind === 'Service' && (target.port === null || !held.ports.has(target.port))) {
    return undefined;
  }
  if (target.port !== null && !held.ports.has(target.port)) return undefined;
  const wanted = `${route.namespace}-to-${target.name}`.slice(0, 240);
  let name = wanted;
  for (let i = 2; keys.has(`ReferenceGrant/${target.namespace}/${name}`); i += 1) {
    name = `${wanted}-${i}`;
  }
  return addDocument(
    `Add a ReferenceGrant to ${target.namespace}`,
    `apiVersion: ${GATEWAY_GROUP}/v1beta1
kind: ReferenceGrant
metadata:
  name: ${quoted(name)}
  namespace: ${quoted(target.namespace)}
spec:
  from:
    - group: ${GATEWAY_GROUP}
      kind: HTTPRoute
      namespace: ${quoted(route.namespace)}
  to:
    - group: ${quoted(target.group)}
      kind: ${target.kind}
      name: ${quoted(target.name)}
`,
  );
}

/** Plain where no YAML reader could take it for anything but text. */
function quoted(text: string): string {
  const plain =
    /^[a-z][-a-z0-9.]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/.test(text);
  return plain ? text : JSON.stringify(text);
}

/** Names for a sentence; the first few of many. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.length <= 6 ? names.join(', ') : `${names.slice(0, 6).join(', ')}, …`;
}
