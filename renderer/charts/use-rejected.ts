import { useConsole } from '../state/console-store.ts';

/** Nodes that rejected this revision; null: nobody can tell, for it is not the head. */
export function useRejected(revision: number): number | null {
  return useConsole(({ status }) =>
    status?.head?.revision === revision ? status.fleet.rejected : null,
  );
}
