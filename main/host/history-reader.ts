import type { Revision } from '../../core/config/ids.ts';
import type { Belief } from '../../core/protocol/control-plane-control.ts';
import type { BlameKeeper } from './blame-keeper.ts';
import type { ControlPlaneLink } from './control-plane-link.ts';
import type { FleetModel } from './fleet-model.ts';
import type { Publisher } from './publisher.ts';
import { revisionRowOf } from './revision-row.ts';
import { REVISIONS_KEPT_MAX } from './store/console-tables.ts';

export interface HistoryReaderInput {
  readonly model: FleetModel;
  readonly controlPlane: ControlPlaneLink;
  readonly publisher: Publisher;
  readonly blame: BlameKeeper;
}

/** Keeps what the console knows of revisions up with what the control plane says in passing. */
export class HistoryReader {
  readonly #input: HistoryReaderInput;
  #settledRevision: Revision | null = null;
  #isReadingHead = false;

  constructor(input: HistoryReaderInput) {
    this.#input = input;
  }

  async read(): Promise<void> {
    const { model, controlPlane } = this.#input;
    const answer = await controlPlane.request({
      method: 'list-revisions',
      limit: REVISIONS_KEPT_MAX,
    });
    if (!answer.ok) return;
    const rows = answer.value.revisions.map((row) => revisionRowOf(row, row.convergence));
    model.replaceRevisions(rows, rows.length < REVISIONS_KEPT_MAX);
    await this.#rememberBlame();
  }

  /** While the control plane can say it: when it is down, this is all that the console has. */
  async #rememberBlame(): Promise<void> {
    const { controlPlane, blame } = this.#input;
    const answer = await controlPlane.request({ method: 'get-blame' });
    if (answer.ok) blame.heard(answer.value);
  }

  forget(): void {
    this.#settledRevision = null;
  }

  async believed(belief: Belief): Promise<void> {
    await Promise.all([this.#fillHistory(belief.convergence), this.#followHead(belief)]);
  }

  /** Beliefs tell of the newest revision alone: once it has settled, its forerunners are asked for. */
  async #fillHistory(newest: Belief['convergence']): Promise<void> {
    if (newest === null || newest.revision === this.#settledRevision) return;
    if (newest.reached < newest.nodes && !newest.late) return;
    this.#settledRevision = newest.revision;
    const { rows } = this.#input.model.revisions;
    if (rows.some((row) => row.convergence === null)) await this.read();
  }

  /** A publish that was committed after its time was up is a head whose answer never came. */
  async #followHead({ head }: Belief): Promise<void> {
    const { controlPlane, publisher } = this.#input;
    // An answer on its way says the same, and more.
    if (this.#isReadingHead || controlPlane.awaitsHead || !this.#isNews(head)) return;
    this.#isReadingHead = true;
    try {
      const { revision, lineage } = head;
      const answer = await controlPlane.request({ method: 'get-revision', revision });
      if (!answer.ok || !this.#isNews(head)) return;
      publisher.learnt(answer.value.record, answer.value.text, lineage);
      await this.read();
    } finally {
      this.#isReadingHead = false;
    }
  }

  /** Only what is newer: a belief from before the last publish may still be on its way. */
  #isNews(head: Belief['head']): head is NonNullable<Belief['head']> {
    if (head === null) return false;
    const known = this.#input.model.head;
    if (known === null) return true;
    return head.lineage === known.lineage && head.revision > known.record.revision;
  }
}
