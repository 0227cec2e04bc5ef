import type { ConsoleClient } from '../../client/console-client.ts';
import type { ConfigWorkerClient } from '../workers/config-worker-client.ts';
import type { ConfigAnalysis } from '../workers/config-worker-messages.ts';
import { analyzeDelayMs } from './analyze-delay.ts';
import { useDraft } from './draft-store.ts';
import { setTimer } from './set-timer.ts';

/** Quiet time before the requests of the draft are compared with the head's, milliseconds. */
const COMPARE_DELAY_MS = 350;
/** Quiet time before the control plane is asked which nodes would reject the text, milliseconds. */
const VALIDATE_DELAY_MS = 700;
/** Keeps what is said of the draft in step with its text: problems, then requests, then nodes. */
export class DraftReview {
  readonly #input: {
    readonly client: ConsoleClient;
    readonly worker: ConfigWorkerClient;
    /** The newest text. */
    readonly text: () => string;
    readonly isControlPlaneUp: () => boolean;
  };
  #cancelAnalyze: (() => void) | null = null;
  #cancelValidate: (() => void) | null = null;
  #cancelCompare: (() => void) | null = null;
  #submittedAtMs = 0;
  /** What the last look at the text took, there and back. */
  #analysisMs = 0;
  #validateSeq = 0;
  #compareSeq = 0;

  constructor(input: {
    readonly client: ConsoleClient;
    readonly worker: ConfigWorkerClient;
    readonly text: () => string;
    readonly isControlPlaneUp: () => boolean;
  }) {
    this.#input = input;
  }

  /** The text, or what it is held against, has changed. */
  look(): void {
    this.#cancelAnalyze?.();
    this.#cancelValidate?.();
    this.#cancelCompare?.();
    useDraft.setState({ analyzing: true });
    this.#cancelAnalyze = setTimer(() => this.#analyze(), analyzeDelayMs(this.#analysisMs));
  }

  #analyze(): void {
    this.#submittedAtMs = performance.now();
    useDraft.getState().editor?.submitted();
    this.#input.worker.analyze(this.#input.text());
  }

  /** The worker's word on the newest text. */
  analyzed(analysis: ConfigAnalysis): void {
    this.#analysisMs = performance.now() - this.#submittedAtMs;
    useDraft.setState({ analysis, analyzing: false, analysisFailure: null, comparing: true });
    this.validateSoon();
    this.#compareSoon();
  }

  /** The second pass waits until typing rests: problems come first. */
  #compareSoon(): void {
    this.#cancelCompare?.();
    this.#compareSeq += 1;
    const seq = this.#compareSeq;
    this.#cancelCompare = setTimer(() => void this.#compare(seq), COMPARE_DELAY_MS);
  }

  async #compare(seq: number): Promise<void> {
    const comparison = await this.#input.worker.compareRequests(this.#input.text());
    if (seq === this.#compareSeq && comparison !== null) {
      useDraft.setState({ comparison, comparing: false });
    }
  }

  /** Asks again which nodes would reject the text, as when the control plane is back. */
  validateSoon(): void {
    this.#cancelValidate?.();
    this.#validateSeq += 1;
    const seq = this.#validateSeq;
    this.#cancelValidate = setTimer(() => void this.#validate(seq), VALIDATE_DELAY_MS);
  }

  async #validate(seq: number): Promise<void> {
    if (!useDraft.getState().hasDraft || !this.#input.isControlPlaneUp()) {
      useDraft.setState({ rejectingNodes: null, delta: null });
      return;
    }
    const validated = await this.#input.client.request('validate', { text: this.#input.text() });
    if (seq !== this.#validateSeq) return;
    useDraft.setState(
      validated.ok
        ? { rejectingNodes: validated.value.rejectingNodes, delta: validated.value.delta }
        : { rejectingNodes: null, delta: null },
    );
  }
}
