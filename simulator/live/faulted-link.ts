import { type Disposable, onDispose } from '../../core/lib/disposable.ts';
import type { Link, LinkClose } from '../../core/ports/link.ts';
import { NODE_CLOSE_CODES } from '../../core/protocol/node-link.ts';
import { DelayLine, type DelayLineInput } from './delay-line.ts';

const HELD_TOO_MUCH: LinkClose = {
  code: NODE_CLOSE_CODES['slow-consumer'],
  reason: 'held-queue-full',
};

/**
 * A link under the weather of its node: frames are late by the latency and jitter of the standing
 * faults, in order; under a partition nothing passes, not even the end of the link. What was held
 * passes when the partition heals and the link still lives.
 */
export function createFaultedLink(inner: Link, input: DelayLineInput): Link {
  return new FaultedLink(inner, input);
}

class FaultedLink implements Link {
  readonly #inner: Link;
  readonly #input: DelayLineInput;
  readonly #inbound: DelayLine;
  readonly #outbound: DelayLine;
  readonly #weather: Disposable;
  readonly #frameListeners = new Set<(frame: Uint8Array) => void>();
  readonly #closeListeners = new Set<(close: LinkClose) => void>();
  #ended = false;
  #told = false;
  /** Ended here, but a partition keeps the other side from learning it. */
  #unsaid: LinkClose | null = null;

  constructor(inner: Link, input: DelayLineInput) {
    this.#inner = inner;
    this.#input = input;
    this.#inbound = new DelayLine(input);
    this.#outbound = new DelayLine(input);
    this.#weather = input.weather.onChange(() => {
      this.#inbound.flush();
      this.#outbound.flush();
      this.#sayEnd();
    });
    inner.onFrame((frame) => this.#receive(frame));
    inner.onClose((close) => this.#innerClosed(close));
  }

  get bufferedBytes(): number {
    return this.#ended ? 0 : this.#inner.bufferedBytes + this.#outbound.heldBytes;
  }

  send(frame: string | Uint8Array): boolean {
    if (this.#ended) return false;
    if (this.#outbound.clear) return this.#inner.send(frame);
    if (this.#outbound.put(frame.length, () => void this.#inner.send(frame))) return true;
    this.#overflow();
    return false;
  }

  sendTogether(frames: readonly (string | Uint8Array)[]): boolean {
    if (this.#ended) return false;
    if (this.#outbound.clear) return this.#inner.sendTogether(frames);
    let bytes = 0;
    for (const frame of frames) bytes += frame.length;
    if (this.#outbound.put(bytes, () => void this.#inner.sendTogether(frames))) return true;
    this.#overflow();
    return false;
  }

  close(code: number, reason: string): void {
    if (!this.#ended) this.#endHere({ code, reason });
  }

  onFrame(listener: (frame: Uint8Array) => void): Disposable {
    this.#frameListeners.add(listener);
    return onDispose(() => void this.#frameListeners.delete(listener));
  }

  onClose(listener: (close: LinkClose) => void): Disposable {
    this.#closeListeners.add(listener);
    return onDispose(() => void this.#closeListeners.delete(listener));
  }

  #receive(frame: Uint8Array): void {
    if (this.#ended) return;
    if (this.#inbound.clear) this.#deliver(frame);
    else if (!this.#inbound.put(frame.byteLength, () => this.#deliver(frame))) this.#overflow();
  }

  #deliver(frame: Uint8Array): void {
    if (this.#ended) return;
    for (const listener of this.#frameListeners) listener(frame);
  }

  #innerClosed(close: LinkClose): void {
    const pass = () => {
      this.#ended = true;
      this.#outbound.clearHeld();
      this.#weather.dispose();
      this.#tellClose(close);
    };
    if (this.#ended || !this.#inbound.put(0, pass)) pass();
  }

  #endHere(close: LinkClose): void {
    this.#ended = true;
    this.#inbound.clearHeld();
    this.#unsaid = close;
    // What was sent before the end still goes first, when it can.
    if (!this.#outbound.put(0, () => this.#sayEnd())) this.#sayEnd();
  }

  #sayEnd(): void {
    if (this.#unsaid === null || this.#input.weather.conditions.partitioned) return;
    const { code, reason } = this.#unsaid;
    this.#unsaid = null;
    this.#weather.dispose();
    this.#inner.close(code, reason);
  }

  #overflow(): void {
    if (this.#ended) return;
    this.#outbound.clearHeld();
    this.#endHere(HELD_TOO_MUCH);
    this.#tellClose(HELD_TOO_MUCH);
  }

  #tellClose(close: LinkClose): void {
    if (this.#told) return;
    this.#told = true;
    for (const listener of this.#closeListeners) listener(close);
  }
}
