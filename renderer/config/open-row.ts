import { jumpToLine, useDraft } from './draft-store.ts';
import { useConfigLayout } from './layout-memory.ts';
import { lineOfPointer } from './live-document.ts';
import type { TreeRow } from './tree-rows.ts';

/** Id of the form's region, for the keyboard to go to. */
export const FORM_REGION_ID = 'config-form';

/** Shows what a row of the tree stands for, in form and text; with `focus` the keyboard goes there. */
export function openRow({ node }: TreeRow, focus: boolean): void {
  if (node.startLine === null) {
    useDraft.setState({ live: null, selectedKey: node.key });
    return;
  }
  const { panes } = useConfigLayout.getState();
  const inText = focus && panes === 'text';
  jumpToLine({ line: node.startLine, focus: inText });
  if (node.pointer !== null) openPart(node.pointer, inText);
  if (focus && !inText) document.getElementById(FORM_REGION_ID)?.focus();
}

function openPart(pointer: string, focus: boolean): void {
  const { live } = useDraft.getState();
  if (live === null) return;
  jumpToLine({ line: lineOfPointer(live, pointer), focus, analyzed: false });
  useDraft.setState((state) => ({ reveal: { seq: (state.reveal?.seq ?? 0) + 1, pointer } }));
}
