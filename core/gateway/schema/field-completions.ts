import type { Shape } from '../shape.ts';
import type { Completion } from './completion.ts';
import { fieldsOf } from './schema-at.ts';
import type { Place } from './sketch.ts';

/** Where the key of a field is to be written. */
export interface FieldSpot {
  readonly place: Place;
  /** Keys that are there already. */
  readonly present: ReadonlySet<string | number>;
  /** Written before the key: a dash that begins an item. */
  readonly prefix: string;
  /** Column of the key. */
  readonly indent: number;
}

/** Fields of a map that are not there yet, required ones first. */
export function fieldCompletions(
  shape: Extract<Shape, { type: 'object' }>,
  spot: FieldSpot,
): readonly Completion[] {
  const { from, to, entry, isFlow } = spot.place;
  const completions: Completion[] = [];
  for (const { name, isRequired, doc, type } of fieldsOf(shape)) {
    const field = shape.fields[name];
    if (field === undefined || spot.present.has(name) || isClusterField(field)) continue;
    // A colon is there already: only the key changes.
    const tail = entry !== null ? '' : isFlow ? flowTail(field) : blockTail(field, spot.indent);
    const insert = `${spot.prefix}${name}${tail}`;
    const isOpen = isFlow && (field.type === 'object' || field.type === 'list');
    completions.push({
      label: name,
      kind: 'field',
      detail: isRequired ? `required, ${type}` : type,
      doc,
      from,
      to,
      insert,
      cursor: insert.length - (isOpen && entry === null ? 1 : 0),
      continues: entry === null,
    });
  }
  return completions;
}

/** What clusters write, and nobody by hand: it has no sentence either. */
function isClusterField(field: Shape): boolean {
  return field.type === 'anything' && field.doc === undefined;
}

function blockTail(field: Shape, indent: number): string {
  const deeper = `:\n${' '.repeat(indent + 2)}`;
  if (field.type === 'object' || field.type === 'map') return deeper;
  return field.type === 'list' ? `${deeper}- ${firstField(field.item)}` : ': ';
}

function flowTail(field: Shape): string {
  if (field.type === 'object' || field.type === 'map') return ': {}';
  return field.type === 'list' ? ': []' : ': ';
}

/** An item's only required field, when it has a plain value: what one would write first. */
function firstField(item: Shape): string {
  if (item.type !== 'object') return '';
  const [name, ...others] = item.required;
  const field = name === undefined ? undefined : item.fields[name];
  const isPlain = field !== undefined && !['object', 'map', 'list'].includes(field.type);
  return isPlain && others.length === 0 ? `${name}: ` : '';
}
