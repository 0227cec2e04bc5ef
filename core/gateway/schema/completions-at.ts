import { apiVersionsOf, KIND_NAMES, type KnownKind, knownKindOf, shapeOf } from '../kinds.ts';
import type { Shape } from '../shape.ts';
import { COMPLETIONS_MAX, type Completion, type CompletionNames, NO_NAMES } from './completion.ts';
import { type FieldSpot, fieldCompletions } from './field-completions.ts';
import { kindSentence } from './kind-sentence.ts';
import { type SuggestedValue, suggestedValues } from './reference-values.ts';
import { NEW_KINDS, skeletonOf } from './resource-skeletons.ts';
import { choicesOf, shapeAlong } from './schema-at.ts';
import { type Place, type Sketch, type Slot, scalarOf, stepsTo } from './sketch.ts';
import { sketchDocument } from './sketch-document.ts';

/**
 * What could be written at an offset of one document's source, whether or not that parses: fields
 * that are not there yet, choices, names of what exists, and whole documents where there is none.
 */
export function completionsAt(
  source: string,
  offset: number,
  names: CompletionNames = NO_NAMES,
): readonly Completion[] {
  const sketch = sketchDocument(source, offset);
  const { place } = sketch;
  if (place === null) return [];
  const kind = kindOf(sketch);
  const root = kind === null ? null : shapeOf(kind);
  const found =
    place.at === 'value'
      ? valuesFor(place, sketch, kind, names)
      : [
          ...opensFor(place, sketch, kind, names),
          ...(place.listSlot === null ? [] : itemsFor(place, place.listSlot, root)),
        ];
  return found.slice(0, COMPLETIONS_MAX);
}

/** The known kind that a sketched document says it is. */
export function kindOf({ root }: Sketch): KnownKind | null {
  return knownKindOf(scalarOf(root, 'apiVersion') ?? '', scalarOf(root, 'kind') ?? '');
}

const NO_COMPLETIONS: readonly Completion[] = [];

/** A key, or a value on a line of its own. */
function opensFor(
  place: Place,
  sketch: Sketch,
  kind: KnownKind | null,
  names: CompletionNames,
): readonly Completion[] {
  const { slot } = place;
  if (slot === null) return NO_COMPLETIONS;
  if (slot.parent === null && isEmptyBut(slot, place.entry)) return documents(place, names);
  const shape = kind === null ? headShape(slot) : shapeAlong(shapeOf(kind), stepsTo(slot));
  if (shape === null) return NO_COMPLETIONS;
  if (shape.type === 'list') return itemsFor(place, slot, kind === null ? null : shapeOf(kind));
  if (shape.type !== 'object') {
    return slot.value === null ? valuesFor(place, sketch, kind, names) : NO_COMPLETIONS;
  }
  return fieldCompletions(shape, spotOf(place, slot));
}

function spotOf(place: Place, slot: Slot | null): FieldSpot {
  const present = new Set<string | number>();
  if (slot?.value?.type === 'map') {
    for (const each of slot.value.slots) if (each !== place.entry) present.add(each.step);
  }
  return { place, present, prefix: place.isGlued ? ' ' : '', indent: place.indent };
}

/** Before the kind is known, what every resource begins with. */
function headShape(slot: Slot): Shape | null {
  const any = shapeOf('HTTPRoute');
  if (any.type !== 'object') return null;
  const { apiVersion, kind, metadata, spec } = any.fields;
  if (slot.parent !== null)
    return shapeAlong({ ...any, fields: { ...(metadata && { metadata }) } }, stepsTo(slot));
  if (!apiVersion || !kind || !metadata || !spec) return null;
  const required = ['apiVersion', 'kind', 'metadata'];
  return { ...any, fields: { apiVersion, kind, metadata, spec }, required };
}

/** Another item of a list, begun with its dash. */
function itemsFor(place: Place, slot: Slot, root: Shape | null): readonly Completion[] {
  const shape = root === null ? null : shapeAlong(root, stepsTo(slot));
  if (shape?.type !== 'list' || place.isFlow) return NO_COMPLETIONS;
  const spot = { place, present: new Set<string>(), prefix: '- ', indent: place.indent + 2 };
  if (shape.item.type === 'object') return fieldCompletions(shape.item, spot);
  const taken = scalarsOf(slot);
  return choicesOf(shape.item)
    .filter((choice) => !taken.has(choice))
    .map((choice) => written(place, { label: choice, insert: `- ${quoted(choice, shape.item)}` }));
}

function scalarsOf(slot: Slot): ReadonlySet<string> {
  const texts = slot.value?.type === 'list' ? slot.value.slots : [];
  return new Set(texts.map(({ value }) => (value?.type === 'scalar' ? value.text : '')));
}

function valuesFor(
  place: Place,
  sketch: Sketch,
  kind: KnownKind | null,
  names: CompletionNames,
): readonly Completion[] {
  const { slot } = place;
  if (slot === null) return NO_COMPLETIONS;
  if (slot.parent?.slot.parent === null) {
    if (slot.step === 'apiVersion') return apiVersions(place, sketch);
    if (slot.step === 'kind') return kinds(place, sketch);
  }
  const shape = kind === null ? null : shapeAlong(shapeOf(kind), stepsTo(slot));
  if (shape === null) return NO_COMPLETIONS;
  const choices = shape.type === 'list' ? [] : choicesOf(shape);
  if (choices.length > 0) {
    return choices.map((choice) =>
      written(place, { label: choice, insert: quoted(choice, shape) }),
    );
  }
  return suggestedValues(kind, sketch, slot, names).map((value) => reference(place, value, shape));
}

function written(
  place: Place,
  value: { readonly label: string; readonly insert: string; readonly detail?: string },
): Completion {
  const insert = place.isGlued ? ` ${value.insert}` : value.insert;
  const { from, to } = place;
  const common = { kind: 'choice', doc: '', detail: '', from, to, continues: false } as const;
  return { ...common, ...value, insert, cursor: insert.length };
}

function reference(place: Place, suggested: SuggestedValue, shape: Shape): Completion {
  const { label, value, detail, beside } = suggested;
  const separator = place.isFlow ? ', ' : `\n${' '.repeat(columnOfOwner(place))}`;
  const fields = beside.map(([name, text]) => {
    const isNumber = name === 'port';
    return `${separator}${name}: ${isNumber ? text : quotedText(text)}`;
  });
  const first = shape.type === 'text' ? quotedText(value) : value;
  const base = written(place, { label, insert: first, detail });
  const insert = base.insert + fields.join('');
  return { ...base, kind: 'reference', insert, cursor: insert.length };
}

function columnOfOwner(place: Place): number {
  return Math.max(0, place.slot?.parent?.indent ?? place.indent);
}

/** A choice as it must be written to stay text: On and Off would be read as something else. */
function quoted(choice: string, shape: Shape): string {
  const isText = shape.type === 'choice' && shape.values.some((value) => value === choice);
  return isText ? quotedText(choice) : choice;
}

/** Quoted where YAML, in any of its versions, would read something else than this text. */
function quotedText(text: string): string {
  const isPlain = /^[A-Za-z_/][\w./-]*$/.test(text);
  const isWord = /^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain && !isWord ? text : JSON.stringify(text);
}

function apiVersions(place: Place, sketch: Sketch): readonly Completion[] {
  const kind = scalarOf(sketch.root, 'kind');
  const all = KIND_NAMES.filter(
    (name) => kind === undefined || !KIND_NAMES.some((each) => each === kind) || name === kind,
  );
  const versions = new Set(all.flatMap((name) => apiVersionsOf(name)));
  return [...versions].map((version) => written(place, { label: version, insert: version }));
}

function kinds(place: Place, sketch: Sketch): readonly Completion[] {
  const version = scalarOf(sketch.root, 'apiVersion') ?? '';
  const fitting = KIND_NAMES.filter((name) => apiVersionsOf(name).includes(version));
  return (fitting.length > 0 ? fitting : KIND_NAMES).map((kind) => ({
    ...written(place, { label: kind, insert: kind, detail: apiVersionsOf(kind)[0] ?? '' }),
    doc: kindSentence(kind),
  }));
}

function isEmptyBut(root: Slot, entry: Slot | null): boolean {
  const { value } = root;
  return value === null || (value.type === 'map' && value.slots.every((each) => each === entry));
}

/** A document of each kind, and the fields that one begins with. */
function documents(place: Place, names: CompletionNames): readonly Completion[] {
  const shape = headShape({ parent: null, step: '', key: null, value: null });
  const fields = shape?.type === 'object' ? fieldCompletions(shape, spotOf(place, null)) : [];
  if (place.indent > 0 || place.entry !== null) return fields;
  const namespace = names.namespaces[0] ?? 'default';
  const own = <T extends { readonly namespace: string }>(things: readonly T[]) =>
    things.find((each) => each.namespace === namespace) ?? null;
  const service = own(names.backends.filter((each) => each.kind === 'Service'));
  const context = {
    namespace,
    gateway: own(names.gateways) ?? names.gateways[0] ?? null,
    backend: service && { name: service.name, port: service.ports[0] ?? 8080 },
    route: own(names.routes)?.name ?? null,
  };
  const skeletons = NEW_KINDS.map((kind): Completion => {
    const insert = skeletonOf(kind, { ...context, name: kind.toLowerCase() });
    const nameAt = insert.indexOf('  name: ') + '  name: '.length;
    const base = written(place, { label: kind, insert, detail: 'a new document' });
    const cursor = nameAt + kind.length;
    return { ...base, kind: 'document', doc: kindSentence(kind), cursor };
  });
  return [...skeletons, ...fields];
}
