import type { TrafficSample } from '../../core/protocol/console-model.ts';
import { formatPercent } from '../format/format.ts';

export interface AvailabilityPoint {
  readonly atMs: number;
  /** Answered over asked, percent; null when nothing was asked. Measured. */
  readonly data: number | null;
  /** 100 while the control plane was up, else 0. Measured. */
  readonly control: number;
  /** What asking the control plane for each request would have given: the product. Computed. */
  readonly product: number | null;
}

export interface Availability {
  readonly points: readonly AvailabilityPoint[];
  /** Of the whole span, shares from 0 to 1; null when nothing was asked. */
  readonly dataShare: number | null;
  readonly controlShare: number | null;
  /** Requests answered while the control plane was down: lost, had each needed it. */
  readonly spared: number;
  /** What policies turned away, over asked, of the whole span: shares from 0 to 1. */
  readonly refused: { readonly shed: number; readonly limited: number; readonly denied: number };
}

/** Measured availability of both planes over the last `spanMs`, and their product. */
export function availabilityOf(
  samples: readonly TrafficSample[],
  nowMs: number,
  spanMs: number,
): Availability {
  let asked = 0;
  let answered = 0;
  let spared = 0;
  let up = 0;
  let shed = 0;
  let limited = 0;
  let denied = 0;
  const points: AvailabilityPoint[] = [];
  for (const sample of samples) {
    if (sample.atMs < nowMs - spanMs) continue;
    const data = sample.requests === 0 ? null : (100 * sample.answered) / sample.requests;
    const control = sample.controlPlaneUp ? 100 : 0;
    asked += sample.requests;
    answered += sample.answered;
    shed += sample.shed;
    limited += sample.limited;
    denied += sample.denied;
    if (sample.controlPlaneUp) up += 1;
    else spared += sample.answered;
    const product = data === null ? null : (data * control) / 100;
    points.push({ atMs: sample.atMs, data, control, product });
  }
  return {
    points,
    dataShare: asked === 0 ? null : answered / asked,
    controlShare: points.length === 0 ? null : up / points.length,
    spared,
    refused: {
      shed: shareOf(shed, asked),
      limited: shareOf(limited, asked),
      denied: shareOf(denied, asked),
    },
  };
}

/** Of all requests. Below it are the strangers who knock at every door; `holdfast status` counts them. */
export const DENIED_SHARE_SAID_MIN = 0.02;

/** Shares of what policies turned away, each after a comma; empty when that is nothing to speak of. */
export function refusedWords({ shed, limited, denied }: Availability['refused']): string {
  const parts = [
    [shed, 'shed'],
    [limited, 'limited'],
    [denied >= DENIED_SHARE_SAID_MIN ? denied : 0, 'denied'],
  ] as const;
  return parts
    .filter(([share]) => share > 0)
    .map(([share, word]) => `, ${formatPercent(share)} ${word}`)
    .join('');
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
