import { DEFAULT_NAMESPACE, GATEWAY_GROUP, HOLDFAST_GROUP, type KnownKind } from '../kinds.ts';
import type { CompletionNames } from './completion.ts';
import { type Sketch, type Slot, scalarOf, stepsTo } from './sketch.ts';

/** A value that a field could have, and the fields beside it that it needs. */
export interface SuggestedValue {
  readonly label: string;
  /** As it is to be written, unquoted. */
  readonly value: string;
  readonly detail: string;
  /** Fields of the same map that make the reference whole, such as its namespace. */
  readonly beside: readonly (readonly [name: string, value: string])[];
}

interface Field {
  readonly kind: KnownKind | null;
  readonly names: CompletionNames;
  /** The map that the field is in. */
  readonly owner: Slot;
  /** Name of the list or field that the map stands in: `backendRefs`. */
  readonly role: string;
  readonly name: string;
  /** Namespace of the document. */
  readonly here: string;
}

/** Values for the slot that come from the rest of the config, or that the API gives meaning to. */
export function suggestedValues(
  kind: KnownKind | null,
  sketch: Sketch,
  slot: Slot,
  names: CompletionNames,
): readonly SuggestedValue[] {
  const steps = stepsTo(slot).filter((step) => typeof step === 'string');
  const name = steps.at(-1) ?? '';
  if (slot.parent?.type === 'list') return name === 'cells' ? plain(names.cells) : [];
  if (slot.parent === null) return [];
  const owner = slot.parent.slot;
  const here = scalarOf(metadataOf(sketch), 'namespace') ?? DEFAULT_NAMESPACE;
  const field = { kind, names, owner, role: steps.at(-2) ?? '', name, here };
  if (name === 'namespace') return plain(names.namespaces);
  if (kind === 'Gateway' || kind === 'ListenerSet') {
    if (name === 'protocol') return plain(['HTTP', 'HTTPS']);
  }
  if (name === 'operator') return plain(['In', 'NotIn', 'Exists', 'DoesNotExist']);
  if (name === 'backend' && field.role === 'expect') return backendPaths(names);
  return referenceField(field);
}

function metadataOf(sketch: Sketch): Slot | undefined {
  const { value } = sketch.root;
  return value?.type === 'map' ? value.slots.find((each) => each.step === 'metadata') : undefined;
}

function plain(values: readonly string[]): SuggestedValue[] {
  return values.map((value) => ({ label: value, value, detail: '', beside: [] }));
}

function referenceField(field: Field): readonly SuggestedValue[] {
  switch (field.name) {
    case 'group':
      return groupsOf(field);
    case 'kind':
      return plain(KINDS_BY_ROLE[field.role] ?? []);
    case 'name':
      return namesOf(field);
    case 'sectionName':
      return sectionsOf(field);
    case 'port':
      return portsOf(field);
    default:
      return [];
  }
}

const KINDS_BY_ROLE: Readonly<Record<string, readonly string[]>> = {
  parentRefs: ['Gateway', 'ListenerSet'],
  parentRef: ['Gateway'],
  backendRefs: ['Service', 'Backend'],
  backendRef: ['Service', 'Backend'],
  targetRefs: ['HTTPRoute', 'Gateway'],
  extensionRef: ['FeatureFlag'],
  certificateRefs: ['Secret'],
  kinds: ['HTTPRoute'],
  from: ['HTTPRoute', 'Gateway'],
  to: ['Service', 'Backend', 'Secret'],
};

function groupsOf({ role, owner }: Field): readonly SuggestedValue[] {
  const kind = scalarOf(owner, 'kind');
  if (role === 'extensionRef' || kind === 'Backend') return plain([HOLDFAST_GROUP]);
  if (role === 'backendRefs' || role === 'backendRef' || role === 'to') {
    return [{ label: '""', value: '', detail: 'Service', beside: [] }, ...plain([HOLDFAST_GROUP])];
  }
  return role in KINDS_BY_ROLE ? plain([GATEWAY_GROUP]) : [];
}

type Named = { readonly namespace: string; readonly name: string };

/** Names in reach: those of the namespace that is given, else this one's first, then all others. */
function references<T extends Named>(
  { owner, here }: Field,
  things: readonly T[],
  detail: (thing: T) => string,
  besides: (thing: T) => SuggestedValue['beside'] = () => [],
): SuggestedValue[] {
  const given = scalarOf(owner, 'namespace');
  const wanted = given ?? here;
  const near: SuggestedValue[] = [];
  const far: SuggestedValue[] = [];
  for (const thing of things) {
    const { namespace, name } = thing;
    const value = { value: name, detail: detail(thing) };
    if (namespace === wanted) near.push({ ...value, label: name, beside: besides(thing) });
    else if (given === undefined) {
      const beside = [['namespace', namespace] as const, ...besides(thing)];
      far.push({ ...value, label: `${namespace}/${name}`, beside });
    }
  }
  return [...near, ...far];
}

function inNamespace(field: Field, things: readonly Named[], detail: string): SuggestedValue[] {
  const own = things.filter((thing) => thing.namespace === field.here);
  return references(field, own, () => detail);
}

function namesOf(field: Field): readonly SuggestedValue[] {
  const { names, owner, role } = field;
  switch (role) {
    case 'parentRefs':
    case 'parentRef':
      if ((scalarOf(owner, 'kind') ?? 'Gateway') !== 'Gateway') return [];
      return references(field, names.gateways, () => 'Gateway');
    case 'backendRefs':
    case 'backendRef':
      return backendNames(field);
    case 'extensionRef':
      return references(
        field,
        names.flags.filter((flag) => flag.namespace === field.here),
        (flag) => flag.summary,
        () =>
          missing(owner, [
            ['group', HOLDFAST_GROUP],
            ['kind', 'FeatureFlag'],
          ]),
      );
    case 'targetRefs': {
      const kind = scalarOf(owner, 'kind');
      return [
        ...(kind === 'Gateway' ? [] : inNamespace(field, names.routes, 'HTTPRoute')),
        ...(kind === 'HTTPRoute' ? [] : inNamespace(field, names.gateways, 'Gateway')),
      ];
    }
    default:
      return [];
  }
}

function backendNames(field: Field): readonly SuggestedValue[] {
  const kind = scalarOf(field.owner, 'kind');
  const fitting = field.names.backends.filter((each) => kind === undefined || each.kind === kind);
  return references(
    field,
    fitting,
    (backend) => backendDetail(backend),
    (backend) => {
      if (backend.kind === 'Backend') {
        return missing(field.owner, [
          ['group', HOLDFAST_GROUP],
          ['kind', 'Backend'],
        ]);
      }
      const [only, ...others] = backend.ports;
      if (only === undefined || others.length > 0) return [];
      return missing(field.owner, [['port', String(only)]]);
    },
  );
}

function backendDetail(backend: CompletionNames['backends'][number]): string {
  return backend.ports.length === 0 ? backend.kind : `${backend.kind} ${backend.ports.join(', ')}`;
}

function missing(owner: Slot, fields: SuggestedValue['beside']): SuggestedValue['beside'] {
  return fields.filter(([name]) => scalarOf(owner, name) === undefined);
}

function sectionsOf(field: Field): readonly SuggestedValue[] {
  const { names, owner, role } = field;
  const isRule = role === 'targetRefs' && scalarOf(owner, 'kind') === 'HTTPRoute';
  if (isRule) return plain(named(field, names.routes)?.rules ?? []);
  if (role !== 'parentRefs' && role !== 'targetRefs') return [];
  const listeners = named(field, names.gateways)?.listeners ?? [];
  return listeners.map(({ name, port }) => ({
    label: name,
    value: name,
    detail: `port ${port}`,
    beside: [],
  }));
}

function portsOf(field: Field): readonly SuggestedValue[] {
  const { names, owner, role } = field;
  if (role === 'parentRefs') {
    const listeners = named(field, names.gateways)?.listeners ?? [];
    return plain([...new Set(listeners.map(({ port }) => String(port)))]);
  }
  if (role !== 'backendRefs' && role !== 'backendRef') return [];
  const kind = scalarOf(owner, 'kind') ?? 'Service';
  const backends = names.backends.filter((each) => each.kind === kind);
  return plain((named(field, backends)?.ports ?? []).map(String));
}

/** The thing that the fields beside this one name. */
function named<T extends Named>({ owner, here }: Field, things: readonly T[]): T | undefined {
  const name = scalarOf(owner, 'name');
  const namespace = scalarOf(owner, 'namespace') ?? here;
  return things.find((thing) => thing.name === name && thing.namespace === namespace);
}

function backendPaths(names: CompletionNames): SuggestedValue[] {
  return names.backends.map((backend) => {
    const path = `${backend.namespace}/${backend.name}`;
    return { label: path, value: path, detail: backend.kind, beside: [] };
  });
}
