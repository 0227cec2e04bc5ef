import type { EditOp } from '../../../core/gateway/edit/edit-op.ts';
import { type Json, pointerTo, stringAt } from '../../../core/gateway/json.ts';
import { HOLDFAST_GROUP } from '../../../core/gateway/kinds.ts';
import type { FormReferences } from './form-model.ts';
import { setValue, valueAt } from './form-ops.ts';

/** `name` here, `namespace/name` elsewhere: how pickers show and take a reference. */
export function referenceText(reference: Json | undefined): string {
  const name = stringAt(reference, 'name') ?? '';
  const namespace = stringAt(reference, 'namespace');
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function parseReference(text: string): { namespace: string | null; name: string } {
  const trimmed = text.trim();
  const slash = trimmed.indexOf('/');
  if (slash === -1) return { namespace: null, name: trimmed };
  return { namespace: trimmed.slice(0, slash).trim(), name: trimmed.slice(slash + 1).trim() };
}

/** What a picker offers: this namespace first, then the others, each by its shortest name. */
export function referenceOptions(
  things: readonly { readonly namespace: string; readonly name: string }[],
  here: string,
): string[] {
  const own: string[] = [];
  const other: string[] = [];
  for (const { namespace, name } of things) {
    if (namespace === here) own.push(name);
    else other.push(`${namespace}/${name}`);
  }
  return [...new Set([...own.sort(), ...other.sort()])];
}

/** Says what is odd about a reference: that it leads nowhere, or into another namespace. */
export function referenceNote(
  things: readonly { readonly namespace: string; readonly name: string }[],
  reference: Json | undefined,
  here: string,
  needs: { readonly noun: string; readonly grant: boolean },
): string {
  const name = stringAt(reference, 'name') ?? '';
  const namespace = stringAt(reference, 'namespace') ?? here;
  if (name === '') return '';
  const exists = things.some((thing) => thing.namespace === namespace && thing.name === name);
  if (!exists) return `No ${needs.noun} ${name} exists in ${namespace}.`;
  if (namespace === here || !needs.grant) return '';
  return `Lies in ${namespace}: needs a ReferenceGrant there.`;
}

/** Points a reference at what a person wrote, keeping namespace, kind and port in step with it. */
export function setReference(body: Json, pointer: string, text: string): readonly EditOp[] {
  const { namespace, name } = parseReference(text);
  return [
    ...setValue(body, pointerTo(pointer, 'name'), name),
    ...setValue(body, pointerTo(pointer, 'namespace'), namespace ?? undefined),
  ];
}

/** The same for a backend: what exists under that name decides kind and, where there is one only, port. */
export function setBackend(
  body: Json,
  pointer: string,
  text: string,
  context: { readonly references: FormReferences; readonly here: string },
): readonly EditOp[] {
  const ops = setReference(body, pointer, text);
  if (ops.length === 0) return ops;
  const { namespace, name } = parseReference(text);
  const found = context.references.backends.filter(
    (each) => each.name === name && each.namespace === (namespace ?? context.here),
  );
  const kind = stringAt(valueAt(body, pointer), 'kind') ?? 'Service';
  const backend = found.find((each) => each.kind === kind) ?? found[0];
  if (backend === undefined) return ops;
  return [
    ...ops,
    ...setBackendKind(body, pointer, backend.kind),
    ...fitPort(body, pointer, backend),
  ];
}

type BackendOption = FormReferences['backends'][number];

function setBackendKind(
  body: Json,
  pointer: string,
  kind: BackendOption['kind'],
): readonly EditOp[] {
  const isPlain = kind === 'Service' && valueAt(body, pointerTo(pointer, 'group')) === undefined;
  if (isPlain && valueAt(body, pointerTo(pointer, 'kind')) === undefined) return [];
  const group = kind === 'Service' ? undefined : HOLDFAST_GROUP;
  return [
    ...setValue(body, pointerTo(pointer, 'group'), group),
    ...setValue(body, pointerTo(pointer, 'kind'), kind === 'Service' ? undefined : kind),
  ];
}

/** A Backend lists its ports itself; a Service needs one of its own. */
function fitPort(body: Json, pointer: string, backend: BackendOption): readonly EditOp[] {
  const port = pointerTo(pointer, 'port');
  if (backend.kind === 'Backend') return setValue(body, port, undefined);
  const present = valueAt(body, port);
  const [only] = backend.ports;
  if (only === undefined || backend.ports.some((each) => each === present)) return [];
  return setValue(body, port, only);
}

/** A backend to begin with: the first of this namespace, or one that is still to be named. */
export function newBackend(references: FormReferences, here: string): Json {
  const first = references.backends.find((each) => each.namespace === here);
  if (first === undefined) return { name: 'backend', port: 80 };
  if (first.kind === 'Backend') return { group: HOLDFAST_GROUP, kind: 'Backend', name: first.name };
  return { name: first.name, ...(first.ports[0] === undefined ? {} : { port: first.ports[0] }) };
}
