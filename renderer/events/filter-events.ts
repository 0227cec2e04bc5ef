import type { ConsoleEvent } from '../../core/protocol/console-model.ts';

export type SeverityFilter = 'all' | 'warning' | 'critical';

/** Whether the text names a filter. */
export function isSeverityFilter(text: string): text is SeverityFilter {
  return text === 'all' || text === 'warning' || text === 'critical';
}

/** Events at least this severe, newest first. */
export function filterEvents(
  events: readonly ConsoleEvent[],
  filter: SeverityFilter,
): readonly ConsoleEvent[] {
  const kept = events.filter(
    ({ severity }) =>
      filter === 'all' ||
      severity === 'critical' ||
      (filter === 'warning' && severity === 'warning'),
  );
  return kept.toReversed();
}
