import { ChangeSet, type Text } from '@codemirror/state';

interface Snapshot {
  readonly doc: Text;
  readonly since: ChangeSet;
}

/**
 * Places in the text that was last looked at, as places in the text of now: what the worker says is
 * about a text that typing may have moved meanwhile.
 */
export class LineMapper {
  #submitted: Snapshot | null = null;
  #analyzed: Snapshot | null = null;

  changed(changes: ChangeSet): void {
    this.#submitted = withChanges(this.#submitted, changes);
    this.#analyzed = withChanges(this.#analyzed, changes);
  }

  /** The text that is now sent to the worker. */
  submit(doc: Text): void {
    this.#submitted = { doc, since: ChangeSet.empty(doc.length) };
  }

  /** The worker's word is about the text that was submitted last. */
  delivered(): void {
    this.#analyzed = this.#submitted;
  }

  /** The text that the worker's last word is about; null when that is not known. */
  get analyzed(): Text | null {
    return this.#analyzed?.doc ?? null;
  }

  /** An offset of the analyzed text, in the text of now. */
  position(offset: number): number {
    return this.#analyzed?.since.mapPos(offset, 1) ?? offset;
  }

  /** A line of the analyzed text, from 1, in the text of now. */
  line(line: number, now: Text): number {
    const clamped = (text: Text) => Math.min(Math.max(1, line), text.lines);
    const analyzed = this.#analyzed;
    if (analyzed === null || analyzed.since.empty) return clamped(now);
    const at = analyzed.since.mapPos(analyzed.doc.line(clamped(analyzed.doc)).from, 1);
    return now.lineAt(Math.min(at, now.length)).number;
  }
}

function withChanges(snapshot: Snapshot | null, changes: ChangeSet): Snapshot | null {
  return snapshot === null ? null : { doc: snapshot.doc, since: snapshot.since.compose(changes) };
}
