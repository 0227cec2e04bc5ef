import { isRejecting } from '../../core/fleet/aggregate.ts';
import type { FleetFrame } from '../../core/fleet/frame.ts';
import { formatCount } from '../format/format.ts';

/** How far behind, in the four steps that have a hue. */
export const LAG_CLASSES = ['current', '1 behind', '2–3 behind', '4 or more'] as const;
export type LagClass = 0 | 1 | 2 | 3;

/** What a glyph says: fill = health, ring = link, hue = lag, mark = rejected or ahead. */
export interface NodeStyle {
  readonly lag: LagClass;
  readonly link: 'connected' | 'connecting' | 'lost';
  readonly health: 'healthy' | 'degraded' | 'down';
  readonly rejected: boolean;
  readonly ahead: boolean;
}

/** Style buckets: nodes of one bucket look the same and are drawn together. */
export const STYLE_BUCKETS = 256;

const REJECTED = 128;
const HEALTH_BITS = 0b1100;
const HEALTH_DOWN = 0b1000;
const LINKS = ['connected', 'connecting', 'lost', 'lost'] as const;
const HEALTHS = ['healthy', 'degraded', 'down', 'down'] as const;

/** The step of a lag in revisions. */
export function lagClassOf(lagRevisions: number): LagClass {
  if (lagRevisions <= 0) return 0;
  if (lagRevisions === 1) return 1;
  return lagRevisions <= 3 ? 2 : 3;
}

/** The bucket of node i: link and health, lag in place of the source, then ahead and rejected. */
export function styleBucketOf(frame: FleetFrame, i: number): number {
  let flags = frame.flags[i] ?? 0;
  // The built-in default routes nothing: nobody is served there, whatever the process says.
  if (frame.servingRevision[i] === 0) flags = (flags & ~HEALTH_BITS) | HEALTH_DOWN;
  if (isRejecting(flags, frame.syncStatus[i] ?? 0)) flags |= REJECTED;
  else flags &= ~REJECTED;
  return (flags & 0b1100_1111) | (lagClassOf(frame.lagRevisions[i] ?? 0) << 4);
}

/** What a bucket means. */
export function styleOfBucket(bucket: number): NodeStyle {
  const lag = (bucket >> 4) & 3;
  return {
    link: LINKS[bucket & 3] ?? 'lost',
    health: HEALTHS[(bucket >> 2) & 3] ?? 'down',
    lag: lag === 0 ? 0 : lag === 1 ? 1 : lag === 2 ? 2 : 3,
    ahead: (bucket & 64) !== 0,
    rejected: (bucket & 128) !== 0,
  };
}

/** How much a node asks to be looked at: 0 is as it should be. Larger comes first in its cell. */
export function severityOfStyle(style: NodeStyle): number {
  if (style.health === 'down') return 8;
  if (style.rejected) return 7;
  if (style.ahead) return 6;
  if (style.lag > 0) return 2 + style.lag;
  if (style.health === 'degraded') return 2;
  return style.link === 'connected' ? 0 : 1;
}

/** Severity by bucket. */
export const SEVERITY_OF_BUCKET: Uint8Array = Uint8Array.from({ length: STYLE_BUCKETS }, (_, b) =>
  severityOfStyle(styleOfBucket(b)),
);

/** What a node is, in a few words: the worst first. With its lag at hand, the exact one is said. */
export function describeStyle(style: NodeStyle, lagRevisions?: number): string {
  const words = stateWords(style, lagRevisions);
  if (style.link === 'lost') words.push('link lost');
  if (style.link === 'connecting') words.push('connecting');
  return words.length === 0 ? 'current' : words.join(', ');
}

/** The same without its link, for where that has its own place. */
export function describeState(style: NodeStyle, lagRevisions: number): string {
  const words = stateWords(style, lagRevisions);
  return words.length === 0 ? 'current' : words.join(', ');
}

function stateWords(style: NodeStyle, lagRevisions?: number): string[] {
  const words: string[] = [];
  if (style.health === 'down') words.push('not serving');
  if (style.health === 'degraded') words.push('degraded');
  if (style.rejected) words.push('rejected');
  if (style.ahead) words.push('ahead');
  if (style.lag > 0) {
    const exact = lagRevisions === undefined ? null : `${formatCount(lagRevisions)} behind`;
    words.push(exact ?? LAG_CLASSES[style.lag]);
  }
  return words;
}

/** States that the legend names and the filter offers. */
export const NODE_STATES = [
  'current',
  'behind-1',
  'behind-2',
  'behind-4',
  'connecting',
  'link-lost',
  'not-serving',
  'degraded',
  'rejected',
  'ahead',
] as const;
export type NodeState = (typeof NODE_STATES)[number];

export const NODE_STATE_LABELS: Readonly<Record<NodeState, string>> = {
  current: 'current',
  'behind-1': '1 behind',
  'behind-2': '2–3 behind',
  'behind-4': '4 or more',
  connecting: 'connecting',
  'link-lost': 'link lost',
  'not-serving': 'not serving',
  degraded: 'degraded',
  rejected: 'rejected',
  ahead: 'ahead',
};

/** Whether a style is in a state; one style may be in several. */
export function isInState(style: NodeStyle, state: NodeState): boolean {
  switch (state) {
    case 'current':
      return style.lag === 0 && style.health !== 'down' && !style.ahead;
    case 'behind-1':
      return style.lag === 1;
    case 'behind-2':
      return style.lag === 2;
    case 'behind-4':
      return style.lag === 3;
    case 'connecting':
      return style.link === 'connecting';
    case 'link-lost':
      return style.link === 'lost';
    case 'not-serving':
      return style.health === 'down';
    case 'degraded':
      return style.health === 'degraded';
    case 'rejected':
      return style.rejected;
    case 'ahead':
      return style.ahead;
  }
}
