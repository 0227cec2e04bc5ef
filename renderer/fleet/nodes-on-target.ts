import type { ConsoleStatus } from '../../core/protocol/console-model.ts';

/** Nodes that serve the head now; null while there is no head. */
export function nodesOnTarget({ fleet, head }: ConsoleStatus): number | null {
  if (head === null) return null;
  // `behind` counts what is ahead, and running nodes that serve nothing of their own, too.
  const bare = Math.min(fleet.bySource.default, fleet.inventory - fleet.serving);
  return Math.max(0, fleet.serving - Math.max(0, fleet.behind - bare));
}
