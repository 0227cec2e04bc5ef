import { knownKindOf } from '../kinds.ts';
import { kindOf } from './completions-at.ts';
import { type SchemaNode, schemaAtSteps } from './schema-at.ts';
import { type Slot, scalarOf, stepsTo } from './sketch.ts';
import { sketchDocument } from './sketch-document.ts';

/** What is known of the word at an offset. */
export interface Hover {
  /** What is explained, `[from, to)` of the source, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  /** Name of the field, or of the kind. */
  readonly title: string;
  readonly node: SchemaNode;
}

/** Explains the key or value at an offset of one document's source; null where there is none. */
export function hoverAt(source: string, offset: number): Hover | null {
  const sketch = sketchDocument(source, offset);
  const { place } = sketch;
  const kind = kindOf(sketch);
  if (place === null || kind === null || place.from === place.to) return null;
  const slot = place.entry ?? (place.at === 'value' ? place.slot : null);
  if (slot === null) return null;
  const range = { from: place.from, to: place.to };
  if (place.at === 'value' && isRootKind(slot)) {
    const named = knownKindOf(scalarOf(sketch.root, 'apiVersion') ?? '', kind);
    const node = named === null ? null : schemaAtSteps(named, []);
    return node === null ? null : { ...range, title: kind, node };
  }
  const steps = stepsTo(slot);
  const node = schemaAtSteps(kind, steps);
  return node === null || node.doc === '' ? null : { ...range, title: titleOf(steps), node };
}

function isRootKind(slot: Slot): boolean {
  return slot.step === 'kind' && slot.parent?.slot.parent === null;
}

/** An item of a list is told by the name of the list. */
function titleOf(steps: readonly (string | number)[]): string {
  return String(steps.findLast((step) => typeof step === 'string') ?? '');
}
