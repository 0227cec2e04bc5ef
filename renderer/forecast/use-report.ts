import { useEffect, useState } from 'react';
import type { RevisionRow } from '../../core/protocol/console-model.ts';
import type { ConvergenceReport } from '../../core/protocol/control-plane-control.ts';
import { getClient } from '../client.ts';
import { useConsole } from '../state/console-store.ts';

/** The curve of a revision: the newest one's as it grows. Null: it cannot be had. */
export function useReport(row: RevisionRow): ConvergenceReport | null {
  const live = useConsole((state) => state.convergence);
  const [asked, setAsked] = useState<ConvergenceReport | null>(null);
  const { revision } = row;
  const reached = row.convergence?.reached ?? 0;
  const isLive = live?.revision === revision && live.publishedAtMs === row.publishedAtMs;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a later ack is a reason to ask again
  useEffect(() => {
    if (isLive) return undefined;
    let isCurrent = true;
    void getClient()
      .request('get-convergence', { revision })
      .then((report) => {
        if (isCurrent) setAsked(report.ok ? report.value : null);
      });
    return () => {
      isCurrent = false;
    };
  }, [revision, reached, isLive]);
  if (isLive) return live;
  return asked?.revision === revision ? asked : null;
}
