import type { ConsoleClient } from '../../client/console-client.ts';
import type { ResourceKey } from '../../core/config/ids.ts';
import type { GatewayRequest } from '../../core/gateway/route.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import type {
  ConfigText,
  ConsoleStatus,
  Draft,
  DraftSummary,
  PublishOutcome,
} from '../../core/protocol/console-model.ts';
import {
  type ConfigWorkerClient,
  createConfigWorkerClient,
} from '../workers/config-worker-client.ts';
import type {
  ConfigPreview,
  ExplainedRequest,
  FoundSource,
} from '../workers/config-worker-messages.ts';
import type { MergeChoices, MergeOutcome } from '../workers/merge-draft.ts';
import type { Renaming } from '../workers/rename-resource.ts';
import { DraftHold } from './draft-hold.ts';
import { DraftReview } from './draft-review.ts';
import { DraftSaver } from './draft-saver.ts';
import { useDraft } from './draft-store.ts';
import { setTimer } from './set-timer.ts';

/** A publish of the largest config may take this long, milliseconds. */
const PUBLISH_TIMEOUT_MS = 60_000;

/** Holds the draft's text and keeps host, worker and store in step with it. */
export class DraftController {
  readonly #client: ConsoleClient;
  readonly #worker: ConfigWorkerClient;
  readonly #review: DraftReview;
  readonly #saver: DraftSaver;
  readonly #hold: DraftHold;
  #text: () => string = () => '';
  /** Newest save that is known of, to tell another window's draft from our own. */
  #savedAtMs = 0;
  #loading = false;
  #status: ConsoleStatus | null = null;

  constructor(client: ConsoleClient) {
    this.#client = client;
    this.#hold = new DraftHold(client);
    this.#worker = createConfigWorkerClient({
      onAnalysis: (analysis) => this.#review.analyzed(analysis),
      onFailure: (detail) => useDraft.setState({ analyzing: false, analysisFailure: detail }),
    });
    this.#review = new DraftReview({
      client,
      worker: this.#worker,
      text: () => this.#text(),
      isControlPlaneUp: () => this.#status?.controlPlane.state === 'up',
    });
    this.#saver = new DraftSaver({
      save: async (text) => this.#save(text),
      setTimer,
      nowMs: () => performance.now(),
      onState: (save) => useDraft.setState({ save }),
    });
  }

  /** The newest text. */
  text(): string {
    return this.#text();
  }

  /** Loads head and draft; called again when the connection returns. */
  async load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    const [head, draft] = await Promise.all([
      this.#client.request('get-config', {}),
      this.#client.request('get-draft', {}),
    ]);
    this.#loading = false;
    if (!head.ok || !draft.ok) {
      const refusal = head.ok ? draft : head;
      if (!refusal.ok && useDraft.getState().phase !== 'ready') {
        useDraft.setState({ phase: 'failed', failure: refusal.error.detail });
      }
      return;
    }
    this.#setHead(head.value);
    // What is typed here and not saved yet outranks what the host has.
    if (this.#saver.dirty) void this.#saver.flush();
    else if (draft.value === null) this.#showHead();
    else if (draft.value.savedAtMs > this.#savedAtMs) {
      this.#goOnFrom(draft.value);
      this.#place(draft.value.text, false);
      // A draft that is older than the one that was just published or discarded stays where it is.
    } else if (!useDraft.getState().hasDraft) this.#showHead();
    useDraft.setState({ phase: 'ready', failure: '' });
    await this.#loadBase();
  }

  /** Notices a new head, a draft saved or discarded elsewhere, and a control plane that is back. */
  statusChanged(status: ConsoleStatus): void {
    const before = this.#status;
    this.#status = status;
    const state = useDraft.getState();
    if (state.phase !== 'ready') {
      if (before?.controlPlane.state !== status.controlPlane.state) void this.load();
      return;
    }
    if (state.publishing || this.#loading) return;
    const headMoved =
      status.head !== null && status.head.revision !== (state.head?.revision ?? null);
    const savedElsewhere =
      status.draft !== null && !this.#saver.dirty && status.draft.savedAtMs > this.#savedAtMs;
    const discardedElsewhere =
      status.draft === null &&
      !this.#saver.dirty &&
      state.save.kind === 'saved' &&
      status.atMs > state.save.atMs;
    if (headMoved || savedElsewhere || discardedElsewhere) {
      void this.load();
    } else if (before?.controlPlane.state !== status.controlPlane.state) {
      this.#review.validateSoon();
      void this.#loadBase();
    }
  }

  /** A keystroke. The text is only asked for when it is needed. */
  edited(text: () => string): void {
    this.#text = text;
    const state = useDraft.getState();
    if (!state.hasDraft) {
      useDraft.setState({ hasDraft: true, base: state.head?.revision ?? null });
    }
    this.#saver.edited(text);
    this.#review.look();
  }

  /** Replaces the draft's text, undoable in the editor. */
  replace(text: string): void {
    this.#place(text, true);
    this.edited(() => text);
  }

  /** Saves this page's text over what was saved elsewhere. */
  keepMine(): void {
    const { theirs } = this.#hold;
    if (theirs === null) return;
    this.#hold.goOnFrom(theirs);
    useDraft.setState({ savedElsewhere: false });
    void this.#saver.flush();
  }

  /** Goes on with what was saved elsewhere; undo brings this page's text back. */
  takeTheirs(): void {
    const { theirs } = this.#hold;
    if (theirs === null) return;
    this.#goOnFrom(theirs);
    this.#place(theirs.text, true);
  }

  async discard(): Promise<Result<null, ConsoleRefusal>> {
    // Only what is on this page was looked at: what was saved elsewhere is not thrown away unseen.
    if (this.#hold.theirs !== null) {
      this.takeTheirs();
      return ok(null);
    }
    const discarded = await this.#client.request('discard-draft', {
      base: useDraft.getState().base,
    });
    if (!discarded.ok) return discarded;
    this.#dropDraft();
    return ok(null);
  }

  /** `allowEmpty`: it was confirmed that nodes may be left with nothing to serve. */
  async publish(
    message: string,
    allowEmpty = false,
  ): Promise<Result<PublishOutcome, ConsoleRefusal>> {
    const { base } = useDraft.getState();
    const text = this.#text();
    await this.#saver.flush();
    useDraft.setState({ publishing: true });
    const published = await this.#client.request(
      'publish',
      { text, base, message, ...(allowEmpty ? { allowEmpty } : {}) },
      { timeoutMs: PUBLISH_TIMEOUT_MS },
    );
    if (published.ok) {
      // Typed while it was published: the draft goes on, from the new head.
      if (this.#text() === text) {
        if (this.#hold.theirs === null) await this.#client.request('discard-draft', { base });
      } else useDraft.setState({ base: published.value.revision });
    }
    useDraft.setState({ publishing: false });
    if (!published.ok) {
      if (published.error.reason === 'conflict') void this.load();
      return published;
    }
    if (this.#text() === text) this.#saver.forget({ kind: 'none' });
    else this.#saver.edited(this.#text);
    useDraft.setState({ hasDraft: this.#text() !== text });
    await this.load();
    return published;
  }

  /** What a file holds, and what taking it into the text of now would do. */
  preview(text: string): Promise<ConfigPreview | null> {
    return this.#worker.preview(text, this.#text());
  }

  /** Puts the draft's changes onto the head that has moved on. */
  async rebase(choices: MergeChoices = {}): Promise<MergeOutcome | null> {
    const { head } = useDraft.getState();
    const outcome = await this.#worker.rebase(this.#text(), choices);
    if (outcome?.ok !== true || head === null) return outcome;
    const { base } = useDraft.getState();
    useDraft.setState({ base: head.revision });
    this.replace(outcome.text);
    // The draft goes on under its new base; what is saved under the old one would be a second one.
    await this.#saver.flush();
    if (useDraft.getState().save.kind === 'saved') {
      await this.#client.request('discard-draft', { base });
    }
    return outcome;
  }

  /** A document as the head has it; null when the head has none of this key. */
  headSource(key: string): Promise<FoundSource | null> {
    return this.#worker.findSource('head', key);
  }

  /** The operator's drafts, newest first; null when they cannot be had. */
  async listDrafts(): Promise<readonly DraftSummary[] | null> {
    const listed = await this.#client.request('list-drafts', {});
    return listed.ok ? listed.value.drafts : null;
  }

  /** Goes on with the draft of another base. The one that was open stays saved. */
  async openDraft(base: DraftSummary['base']): Promise<Result<null, ConsoleRefusal>> {
    await this.#saver.flush();
    const draft = await this.#client.request('get-draft', { base });
    if (!draft.ok) return draft;
    if (draft.value === null) {
      return err({ reason: 'unknown-revision', detail: 'This draft is no longer there.' });
    }
    const { text } = draft.value;
    this.#goOnFrom(draft.value);
    this.#place(text, false);
    // Saving makes it the newest, so that it is the one that is open next time.
    this.#saver.edited(() => text);
    await this.#loadBase();
    return ok(null);
  }

  /**
   * Shows the head, so that the next edit begins a draft on it. The draft that was open stays saved;
   * false when it could not be saved, and so stays open.
   */
  async beginOnHead(): Promise<boolean> {
    await this.#saver.flush();
    if (this.#saver.dirty) return false;
    this.#dropDraft();
    return true;
  }

  rename(key: string, name: string): Promise<Result<Renaming, string>> {
    return this.#worker.rename(this.#text(), key, name);
  }

  /** Puts resources of another text into the draft, undoable; false when it has them so already. */
  async restore(from: string, keys: readonly ResourceKey[]): Promise<Result<boolean, string>> {
    const before = this.#text();
    const restored = await this.#worker.restore(before, from, keys);
    if (!restored.ok) return restored;
    if (restored.value === before) return ok(false);
    if (this.#text() !== before) return err('The draft was edited meanwhile; try again.');
    this.replace(restored.value);
    return ok(true);
  }

  /** What becomes of a request, at head and in the draft; null when the checker broke off. */
  explain(request: GatewayRequest, cell: string): Promise<ExplainedRequest | null> {
    return this.#worker.explain(this.#text(), request, { cell, atMs: Date.now() });
  }

  /** Saves at once, for when the page goes away. */
  flush(): void {
    void this.#saver.flush();
  }

  async #save(text: string) {
    const { base } = useDraft.getState();
    const saved = await this.#hold.save(text, base);
    useDraft.setState({ savedElsewhere: this.#hold.theirs !== null });
    if (saved.ok) this.#savedAtMs = Math.max(this.#savedAtMs, saved.value.savedAtMs);
    return saved;
  }

  /** The host's draft is what this page shows from now on. */
  #goOnFrom(draft: Draft): void {
    const { base, savedAtMs } = draft;
    this.#savedAtMs = Math.max(this.#savedAtMs, savedAtMs);
    this.#hold.goOnFrom(draft);
    this.#saver.forget({ kind: 'saved', atMs: savedAtMs });
    useDraft.setState({ base, hasDraft: true, savedElsewhere: false });
  }

  #setHead(head: ConfigText): void {
    if (useDraft.getState().head?.rootHash === head.rootHash) {
      if (useDraft.getState().head?.revision === head.revision) return;
    }
    this.#worker.setReference('head', head.text);
    useDraft.setState({ head });
    this.#review.look();
    void this.#loadBlame();
  }

  /** Who touched what is worth showing and nothing waits for it. */
  async #loadBlame(): Promise<void> {
    const blame = await this.#client.request('get-blame', {});
    if (!blame.ok) return;
    useDraft.setState({
      blame: new Map(blame.value.resources.map((touch) => [touch.key, touch])),
    });
  }

  #showHead(): void {
    const { head, hasDraft, base, phase } = useDraft.getState();
    if (phase === 'ready' && !hasDraft && base === (head?.revision ?? null)) return;
    this.#dropDraft();
  }

  #dropDraft(): void {
    const { head } = useDraft.getState();
    this.#saver.forget({ kind: 'none' });
    this.#hold.goOnFrom(null);
    this.#worker.setReference('base', null);
    useDraft.setState({
      hasDraft: false,
      savedElsewhere: false,
      base: head?.revision ?? null,
      rejectingNodes: null,
      baseFailure: null,
    });
    this.#place(head?.text ?? '', false);
  }

  /** The base's text tells what both sides changed; it can only be had from the control plane. */
  async #loadBase(): Promise<void> {
    const { base, head, hasDraft } = useDraft.getState();
    if (!hasDraft || head === null || base === head.revision) {
      this.#worker.setReference('base', null);
      useDraft.setState({ baseFailure: null });
      return;
    }
    const based =
      base === null
        ? ok({ text: '' })
        : await this.#client.request('get-config', { revision: base });
    this.#worker.setReference('base', based.ok ? based.value.text : null);
    useDraft.setState({ baseFailure: based.ok ? null : based.error.detail });
    this.#review.look();
  }

  #place(text: string, undoable: boolean): void {
    this.#text = () => text;
    useDraft.setState((state) => ({
      placed: { version: state.placed.version + 1, text, undoable },
    }));
    this.#review.look();
  }
}
