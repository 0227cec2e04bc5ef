import type { Extension } from '@codemirror/state';
import { type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

/** When the editor gets lower, as when problems appear below it, the line of the cursor stays in sight. */
export function cursorInSight(): Extension {
  return ViewPlugin.fromClass(
    class {
      #height: number;

      constructor(view: EditorView) {
        this.#height = view.scrollDOM.clientHeight;
      }

      update({ view, geometryChanged }: ViewUpdate): void {
        const before = this.#height;
        if (!geometryChanged) return;
        this.#height = view.scrollDOM.clientHeight;
        if (this.#height >= before || !view.hasFocus) return;
        view.requestMeasure({ key: this, read: () => hiddenBelow(view, before), write: scrollBy });
      }
    },
  );
}

/** How far the cursor's line, which was in sight at the height before, is out of it now, pixels. */
function hiddenBelow(view: EditorView, heightBefore: number): number {
  const cursor = view.coordsAtPos(view.state.selection.main.head);
  const { top } = view.scrollDOM.getBoundingClientRect();
  if (cursor === null || cursor.bottom > top + heightBefore) return 0;
  return Math.max(0, cursor.bottom - top - view.scrollDOM.clientHeight);
}

function scrollBy(px: number, view: EditorView): void {
  if (px > 0) view.scrollDOM.scrollTop += px;
}
