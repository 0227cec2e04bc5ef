import {
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  type Completion as ListedCompletion,
  pickedCompletion,
  startCompletion,
} from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import type { Completion, CompletionNames } from '../../../core/gateway/schema/completion.ts';
import { completionsAt } from '../../../core/gateway/schema/completions-at.ts';
import { documentWindow } from './document-window.ts';

/** Kinds of completion as the look names them. */
const TYPES: Readonly<Record<Completion['kind'], string>> = {
  field: 'property',
  choice: 'enum',
  reference: 'variable',
  document: 'class',
};

/** Completions of YAML from the schema and from what the draft holds. */
export function yamlCompletions(names: () => CompletionNames): CompletionSource {
  return (context) => {
    const window = documentWindow(context.state.doc, context.pos);
    if (window === null) return null;
    const found = completionsAt(window.source, context.pos - window.from, names());
    return resultOf(found, window.from, context);
  };
}

function resultOf(
  found: readonly Completion[],
  base: number,
  context: CompletionContext,
): CompletionResult | null {
  const [first] = found;
  if (first === undefined) return null;
  const { pos, explicit, state } = context;
  const from = first.from + base;
  const typed = state.sliceDoc(from, pos);
  // Unasked, a list must not come up over a blank line, nor over a word that is whole already.
  if (!explicit && typed === '' && isLineBlank(context)) return null;
  if (!explicit && found.some((each) => each.label === typed)) return null;
  return {
    from,
    to: pos,
    options: found.map((each, index) => {
      const place = { from, tail: Math.max(0, each.to + base - pos) };
      return listed(each, place, found.length - index);
    }),
    // A quote or a dash makes it another place: then the list is asked for anew.
    validFor: /^[\w.*/-]+$/,
  };
}

function isLineBlank({ state, pos }: CompletionContext): boolean {
  return state.doc.lineAt(pos).text.trim() === '';
}

/** Where a completion goes, however much is typed before it is taken. */
interface Target {
  readonly from: number;
  /** What stands behind the cursor and is replaced too, UTF-16 units. */
  readonly tail: number;
}

function listed(completion: Completion, target: Target, rank: number): ListedCompletion {
  const { label, detail, doc, kind } = completion;
  return {
    label,
    type: TYPES[kind],
    ...(detail === '' ? {} : { detail }),
    ...(doc === '' ? {} : { info: () => infoOf(doc) }),
    // As the schema orders them: required fields first, what is near before what is far.
    boost: Math.min(99, rank / 10),
    apply: (view, picked) => take(view, completion, picked, target),
  };
}

function infoOf(doc: string): HTMLElement {
  const info = document.createElement('p');
  info.className = 'hf-cm-doc';
  info.textContent = doc;
  return info;
}

/** Writes a completion in place of what is there: one step of undo. */
function take(
  view: EditorView,
  completion: Completion,
  picked: ListedCompletion,
  { from, tail }: Target,
): void {
  const { doc, selection } = view.state;
  const { insert, cursor, continues } = completion;
  view.dispatch({
    changes: { from, to: Math.min(selection.main.head + tail, doc.length), insert },
    selection: { anchor: from + cursor },
    userEvent: 'input.complete',
    scrollIntoView: true,
    annotations: pickedCompletion.of(picked),
  });
  // Asked for, so that it comes up on the empty line that a map begins with.
  if (continues) startCompletion(view);
}
