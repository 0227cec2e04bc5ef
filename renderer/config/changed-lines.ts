import { Chunk } from '@codemirror/merge';
import {
  type EditorState,
  type Extension,
  type Range,
  StateEffect,
  StateField,
  Text,
} from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  GutterMarker,
  gutter,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

/** Detail given up for speed; lines are marked, not words. */
const DIFF_CONFIG = { scanLimit: 200, timeout: 20 };
/** Removed lines that are quoted where they stood. */
const QUOTED_LINES_MAX = 6;
const QUOTED_CHARS_MAX = 120;

interface Compared {
  /** The head's text; null while there is none. */
  readonly head: Text | null;
  /** Where the two differ, in order. */
  readonly chunks: readonly Chunk[];
}

/** What the text is held against from now on; null for nothing. */
export const headChanged = StateEffect.define<Text | null>();

const compared = StateField.define<Compared>({
  create: () => ({ head: null, chunks: [] }),
  update(before, transaction) {
    let { head, chunks } = before;
    for (const effect of transaction.effects) {
      if (!effect.is(headChanged)) continue;
      head = effect.value;
      chunks = head === null ? [] : Chunk.build(head, transaction.newDoc, DIFF_CONFIG);
      return { head, chunks };
    }
    if (!transaction.docChanged || head === null) return before;
    // Only what lies around the edit is compared anew: the same for ten resources and a thousand.
    const { newDoc, changes } = transaction;
    return { head, chunks: Chunk.updateB(chunks, head, newDoc, changes, DIFF_CONFIG) };
  },
});

/** Marks the lines that differ from the head, and where lines of it are gone. */
export function changedLines(): Extension {
  return [compared, washes, changeGutter];
}

/** Tells the editor what its text is held against. */
export function compareWithHead(view: EditorView, text: string | null): void {
  const head = text === null ? null : Text.of(text.split('\n'));
  view.dispatch({ effects: headChanged.of(head) });
}

/** What a line is, held against the head. */
export interface LineChange {
  /** It stands in the text alone, or reads otherwise in the head. */
  readonly isAdded: boolean;
  /** Lines of the head that stood in this place, before this line; empty when none are gone. */
  readonly removed: readonly string[];
}

/** Of the line that begins at `from`; null for one that the head has too. */
export function changeOfLine(state: EditorState, from: number): LineChange | null {
  const { head, chunks } = state.field(compared);
  const chunk = chunks[chunkAt(chunks, from)];
  if (head === null || chunk === undefined) return null;
  const isAdded = from >= chunk.fromB && from < chunk.toB;
  const isFirst = state.doc.lineAt(Math.min(chunk.fromB, state.doc.length)).from === from;
  if (!isAdded && !isFirst) return null;
  return { isAdded, removed: isFirst ? removedLines(head, chunk) : [] };
}

/** The last chunk that begins at or before an offset. */
function chunkAt(chunks: readonly Chunk[], offset: number): number {
  let low = 0;
  let high = chunks.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((chunks[middle]?.fromB ?? 0) <= offset) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

function removedLines(head: Text, chunk: Chunk): readonly string[] {
  if (chunk.fromA === chunk.toA) return [];
  const first = head.lineAt(Math.min(chunk.fromA, head.length)).number;
  const last = head.lineAt(Math.min(chunk.endA, head.length)).number;
  const lines: string[] = [];
  for (let line = first; line <= Math.min(last, first + QUOTED_LINES_MAX - 1); line += 1) {
    lines.push(head.line(line).text.slice(0, QUOTED_CHARS_MAX));
  }
  if (last - first >= QUOTED_LINES_MAX) lines.push(`and ${last - first + 1 - lines.length} more`);
  return lines;
}

const washes = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = washesOf(view);
    }
    update(update: ViewUpdate): void {
      const isSame = update.state.field(compared) === update.startState.field(compared);
      if (!isSame || update.viewportChanged) this.decorations = washesOf(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Of the lines in sight alone. */
function washesOf(view: EditorView): DecorationSet {
  const { state } = view;
  const found: Range<Decoration>[] = [];
  if (state.field(compared).chunks.length === 0) return Decoration.none;
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at);
      const change = changeOfLine(state, line.from);
      if (change !== null) found.push(washOf(change).range(line.from));
      at = line.to + 1;
    }
  }
  return Decoration.set(found);
}

function washOf({ isAdded, removed }: LineChange): Decoration {
  const classes = [isAdded ? 'hf-added-line' : '', removed.length > 0 ? 'hf-removed-above' : ''];
  return Decoration.line({
    class: classes.join(' ').trim(),
    ...(removed.length === 0
      ? {}
      : { attributes: { title: `In the head stood here:\n${removed.join('\n')}` } }),
  });
}

class ChangeMarker extends GutterMarker {
  override readonly elementClass: string;
  constructor(elementClass: string) {
    super();
    this.elementClass = elementClass;
  }
}

const ADDED = new ChangeMarker('hf-added-mark');
const REMOVED = new ChangeMarker('hf-removed-mark');
const BOTH = new ChangeMarker('hf-added-mark hf-removed-mark');

const changeGutter = gutter({
  class: 'hf-change-gutter',
  lineMarker(view, line) {
    const change = changeOfLine(view.state, line.from);
    if (change === null) return null;
    if (change.removed.length === 0) return ADDED;
    return change.isAdded ? BOTH : REMOVED;
  },
  lineMarkerChange: (update) => update.state.field(compared) !== update.startState.field(compared),
});
