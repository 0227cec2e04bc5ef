import { changedInWords } from '../../core/config/changed-in-words.ts';
import type { Lineage, Revision } from '../../core/config/ids.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { RevisionRecord } from '../../core/ports/store.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import type { PublishOutcome } from '../../core/protocol/console-model.ts';
import type { PublishedRevision } from '../../core/protocol/control-plane-control.ts';
import { type ConfigTexts, isTooLarge, TOO_LARGE_DETAIL } from './config-texts.ts';
import type { ControlPlaneLink } from './control-plane-link.ts';
import type { DraftKeeper } from './draft-keeper.ts';
import type { EventLog } from './event-log.ts';
import type { FleetModel } from './fleet-model.ts';
import type { PublishedHead } from './forecast-keeper.ts';
import type { HostSettings } from './host-settings.ts';
import { refusedInWords } from './refusal-words.ts';
import { revisionRowOf } from './revision-row.ts';
import type { SimulatorLink } from './simulator-link.ts';

export interface PublisherInput {
  readonly model: FleetModel;
  readonly events: EventLog;
  readonly drafts: DraftKeeper;
  readonly settings: HostSettings;
  readonly texts: ConfigTexts;
  readonly controlPlane: ControlPlaneLink;
  readonly simulator: SimulatorLink;
  /** Of the control plane's store. */
  readonly lineage: () => Lineage;
  /** Heard while the model still has the head before this one. `text` is as it was asked to be published. */
  readonly onHead: (
    head: Pick<PublishedHead, 'lineage' | 'revision' | 'rootHash' | 'text'>,
  ) => void;
}

type Outcome = Promise<Result<PublishOutcome, ConsoleRefusal>>;

/** Everything that makes a new head: asks the control plane, and remembers what came of it. */
export class Publisher {
  readonly #input: PublisherInput;

  constructor(input: PublisherInput) {
    this.#input = input;
  }

  async publish(input: {
    readonly text: string;
    readonly base: Revision | null;
    readonly message: string;
    readonly actor: string;
    readonly allowEmpty?: boolean;
    /** The file that the text is from, for the event log. */
    readonly name?: string;
  }): Outcome {
    const { name, ...request } = input;
    if (isTooLarge(input.text)) return err({ reason: 'too-large', detail: TOO_LARGE_DETAIL });
    const { controlPlane, drafts } = this.#input;
    const answer = await controlPlane.request({ method: 'publish', ...request });
    if (!answer.ok) return this.#refused(answer.error, input.actor, name);
    drafts.discardIfPublished(input.text);
    // Forecasts are of the text as it was rehearsed.
    const published = { ...answer.value, asked: input.text };
    return ok(this.#published('published', published, `published by ${input.actor}`));
  }

  async rollback(input: {
    readonly to: Revision;
    readonly message: string;
    readonly actor: string;
    readonly allowEmpty?: boolean;
  }): Outcome {
    const { to, actor } = input;
    const answer = await this.#input.controlPlane.request({ method: 'rollback', ...input });
    if (!answer.ok) return this.#refused(answer.error, actor);
    return ok(this.#published('rolled-back', answer.value, `back to r${to}, by ${actor}`));
  }

  async adopt(actor: string): Outcome {
    const { controlPlane, model, settings } = this.#input;
    const headText = settings.supersededText ?? model.head?.text ?? null;
    const answer = await controlPlane.request({ method: 'adopt-fleet', headText, actor });
    if (!answer.ok) return err(answer.error);
    return ok(this.#published('adopted', answer.value, `the fleet’s state adopted by ${actor}`));
  }

  /** A head whose publishing was not answered in time. */
  learnt(record: RevisionRecord, text: string, lineage: Lineage): void {
    const { model, events, settings, drafts } = this.#input;
    const row = revisionRowOf(record, null);
    const { revision, rootHash } = record;
    this.#input.onHead({ lineage, revision, rootHash, text });
    model.addRevision(row);
    model.setHead({ record: row, lineage, text });
    settings.supersededText = null;
    drafts.discardIfPublished(text);
    this.deriveShapes(text);
    events.add({
      kind: 'published',
      title: `r${record.revision} was published after all`,
      detail: `${record.message} (by ${record.author}; its answer did not come in time)`,
      subject: `r${record.revision}`,
    });
  }

  #published(
    kind: 'published' | 'rolled-back' | 'adopted',
    { record, text, removed, asked }: PublishedRevision & { readonly asked?: string },
    how: string,
  ): PublishOutcome {
    const { model, events, settings } = this.#input;
    const row = revisionRowOf(record, null);
    const lineage = this.#input.lineage();
    const { revision, rootHash } = record;
    this.#input.onHead({ lineage, revision, rootHash, text: asked ?? text });
    model.addRevision(row);
    model.setHead({ record: row, lineage, text });
    settings.supersededText = null;
    this.deriveShapes(text);
    events.add({
      kind,
      title: `r${record.revision} ${how}`,
      detail: `${record.message} (${changedInWords(record.changed, removed)}; it has ${record.resources})`,
      subject: `r${record.revision}`,
    });
    return {
      revision: record.revision,
      generation: record.generation,
      rootHash: record.rootHash,
      changed: record.changed,
      removed,
      problems: this.#input.texts.parse(text).problems,
    };
  }

  /**
   * What clients ask does not follow what the gateway offers: shapes are made from the first config
   * that has routes, so that a config which loses a route shows in the traffic.
   */
  deriveShapes(text: string): void {
    const { settings, texts, simulator } = this.#input;
    if (settings.shapes.length > 0) return;
    const shapes = texts.shapes(text);
    if (shapes.length === 0) return;
    settings.shapes = shapes;
    simulator.setShapes(shapes);
  }

  #refused(refusal: ConsoleRefusal, actor: string, name?: string): Result<never, ConsoleRefusal> {
    if (refusal.reason === 'control-plane-down') return err(refusal);
    this.#input.events.add({
      kind: 'publish-refused',
      severity: 'warning',
      ...refusedInWords(refusal, { actor, ...(name === undefined ? {} : { name }) }),
    });
    return err(refusal);
  }
}
