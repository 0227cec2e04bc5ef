import { type KnownKind, shapeOf } from '../kinds.ts';
import type { Shape } from '../shape.ts';
import { kindSentence } from './kind-sentence.ts';

/** A field as its owner lists it. */
export interface SchemaField {
  readonly name: string;
  readonly isRequired: boolean;
  readonly doc: string;
  readonly type: string;
}

/** What is known of one place in resources of a kind. */
export interface SchemaNode {
  /** What it is for, in a sentence or two; empty where nothing is known. */
  readonly doc: string;
  /** In words: `text`, `a whole number, 1 to 65535`, `a list of up to 16 maps`. */
  readonly type: string;
  /** What it may be, where that is a few values. */
  readonly choices: readonly string[];
  /** What holds when it is left out, in words; null where the sentence does not say. */
  readonly default: string | null;
  /** Whether whatever holds it must have it. */
  readonly isRequired: boolean;
  /** Of a map; of the items of a list of maps. */
  readonly fields: readonly SchemaField[];
}

const NO_FIELDS: readonly SchemaField[] = [];

/** What the schema says of the end of these steps, those of a JSON pointer; null where it knows nothing. */
export function schemaAtSteps(
  kind: KnownKind,
  steps: readonly (string | number)[],
): SchemaNode | null {
  const root = shapeOf(kind);
  const shape = shapeAlong(root, steps);
  if (shape === null) return null;
  const owner = steps.length === 0 ? null : shapeAlong(root, steps.slice(0, -1));
  const isRequired = owner?.type === 'object' && owner.required.includes(String(steps.at(-1)));
  const sentence = steps.length === 0 ? kindSentence(kind) : (shape.doc ?? '');
  const fallback = isRequired ? null : defaultIn(sentence);
  return { ...describe(shape), doc: sentence, default: fallback, isRequired };
}

/** The shape of what lies at the end of these steps; null where the schema does not go. */
export function shapeAlong(root: Shape, steps: readonly (string | number)[]): Shape | null {
  let shape: Shape | undefined = root;
  for (const step of steps) {
    shape = innerShape(shape, step);
    if (shape === undefined) return null;
  }
  return shape;
}

function innerShape(shape: Shape, step: string | number): Shape | undefined {
  if (shape.type === 'list') {
    return typeof step === 'number' || /^[0-9]+$/.test(step) ? shape.item : undefined;
  }
  if (shape.type === 'map') return shape.value;
  if (shape.type !== 'object' || !Object.hasOwn(shape.fields, step)) return undefined;
  return shape.fields[step];
}

/** The fields of a map, or of the maps that a list holds: required ones first, else as declared. */
export function fieldsOf(shape: Shape): readonly SchemaField[] {
  const owner = shape.type === 'list' ? shape.item : shape;
  if (owner.type !== 'object') return NO_FIELDS;
  const fields = Object.entries(owner.fields).map(([name, field]) => ({
    name,
    isRequired: owner.required.includes(name),
    doc: field.doc ?? '',
    type: typeInWords(field),
  }));
  return [
    ...fields.filter((field) => field.isRequired),
    ...fields.filter((field) => !field.isRequired),
  ];
}

/** The few values that a shape takes; none where there are many. */
export function choicesOf(shape: Shape): readonly string[] {
  if (shape.type === 'choice') return shape.values.map(String);
  if (shape.type === 'flag') return ['true', 'false'];
  return shape.type === 'list' ? choicesOf(shape.item) : [];
}

function describe(shape: Shape): Pick<SchemaNode, 'type' | 'choices' | 'fields'> {
  return { type: typeInWords(shape), choices: choicesOf(shape), fields: fieldsOf(shape) };
}

/** Texts that have a form, by the code of it. */
const TEXTS: Readonly<Record<string, string>> = {
  'bad-name': 'a name',
  'bad-hostname': 'a hostname',
  'bad-header-name': 'a header name',
  'bad-duration': 'a duration',
  'bad-timestamp': 'a time',
  'bad-hash': 'a SHA-256 in hex',
};

/** What a field may hold, as a person would say it. */
export function typeInWords(shape: Shape): string {
  switch (shape.type) {
    case 'text':
      return TEXTS[shape.format?.code ?? ''] ?? 'text';
    case 'choice':
      return 'a choice';
    case 'integer':
      return `a whole number, ${shape.min} to ${shape.max}`;
    case 'flag':
      return 'true or false';
    case 'anything':
      return 'anything';
    case 'integer-or-text':
      return 'a whole number or text';
    case 'map':
      return `a map of ${pluralOf(shape.value)}`;
    case 'object':
      return 'a map';
    case 'list':
      return `a list of ${countInWords(shape.min, shape.max)} ${pluralOf(shape.item)}`;
  }
}

function countInWords(min: number, max: number): string {
  if (min === max) return `exactly ${max}`;
  return min === 0 ? `up to ${max}` : `${min} to ${max}`;
}

function pluralOf(shape: Shape): string {
  switch (shape.type) {
    case 'text':
      return 'texts';
    case 'integer':
      return `whole numbers, ${shape.min} to ${shape.max}`;
    case 'choice':
      return 'choices';
    case 'map':
    case 'object':
      return 'maps';
    case 'list':
      return 'lists';
    default:
      return 'values';
  }
}

/** The sentences say it in one of two forms: `30s when left out`, `Exact, the default`. */
function defaultIn(sentence: string): string | null {
  const leftOut = sentence.indexOf(' when left out');
  const end = leftOut < 0 ? sentence.indexOf(', the default') : leftOut;
  if (end < 0) return null;
  const clause = sentence.slice(0, end);
  const begin = Math.max(...['. ', '; ', ': ', ', '].map((mark) => clause.lastIndexOf(mark)));
  const value = begin < 0 ? clause : clause.slice(begin + 2);
  return value.replaceAll('`', '') || null;
}
