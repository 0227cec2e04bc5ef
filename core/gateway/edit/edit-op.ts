import type { Json } from '../json.ts';

/** One change of a resource, said in its data; `editDocument` turns it into changes of its text. */
export type EditOp =
  /**
   * Replaces what stands at the pointer, or adds it with the objects that lead there. A list's length
   * as last step appends.
   */
  | { readonly op: 'set'; readonly pointer: string; readonly value: Json }
  /** Objects and lists that become empty by it stay, unless `prune` asks to take them along. */
  | { readonly op: 'remove'; readonly pointer: string; readonly prune?: boolean }
  /** Into a list, before the item at the pointer's last step. */
  | { readonly op: 'insert'; readonly pointer: string; readonly value: Json }
  /** An item of a list to another position in it, with its comments. */
  | { readonly op: 'move'; readonly pointer: string; readonly to: number };

/** Replaces `[from, to)`, in UTF-16 units of the text before all edits. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}
