import { type Disposable, onDispose } from '../../core/lib/disposable.ts';
import { addMicros } from '../../core/ports/clock.ts';
import type { Link } from '../../core/ports/link.ts';
import type { ConnectGate } from './connect-gate.ts';
import type { DelayLineInput } from './delay-line.ts';
import { connectWebSocket } from './websocket-link.ts';

export interface ConnectAttemptInput {
  readonly url: string;
  readonly fleetToken: string;
  readonly gate: ConnectGate;
  readonly air: DelayLineInput;
  readonly opened: (link: Link) => void;
  readonly failed: (reason: string) => void;
}

/**
 * A connect under the weather of its node: it hangs while a partition lasts, is late by one round
 * trip of the standing latency, and waits its turn at the gate. Disposing gives it up.
 */
export function startConnectAttempt(input: ConnectAttemptInput): Disposable {
  let step: Disposable | null = null;
  const { weather, clock, scheduler, random } = input.air;
  const proceed = (): void => {
    const { latencyMs, jitterMs, partitioned } = weather.conditions;
    if (partitioned) {
      const change = weather.onChange(() => {
        if (weather.conditions.partitioned) return;
        change.dispose();
        proceed();
      });
      step = change;
      return;
    }
    const jitterUs = jitterMs === 0 ? 0 : random.below(2 * jitterMs * 1_000 + 1);
    const roundTripUs = 2 * latencyMs * 1_000 + jitterUs;
    if (roundTripUs === 0) open();
    else step = scheduler.at(addMicros(clock.now(), roundTripUs), open);
  };
  const open = (): void => {
    let place: Disposable | null = null;
    let socket: Disposable | null = null;
    let done = false;
    const finish = () => {
      done = true;
      place?.dispose();
    };
    step = onDispose(() => {
      socket?.dispose();
      finish();
    });
    place = input.gate.enter(() => {
      const { url, fleetToken } = input;
      socket = connectWebSocket({
        url,
        fleetToken,
        opened(link) {
          finish();
          input.opened(link);
        },
        failed(reason) {
          finish();
          input.failed(reason);
        },
      });
    });
    if (done) place.dispose();
  };
  proceed();
  return onDispose(() => step?.dispose());
}
