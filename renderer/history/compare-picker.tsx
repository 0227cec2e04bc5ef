import { Autocomplete } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Revision } from '../../core/config/ids.ts';
import type { RevisionRow } from '../../core/protocol/console-model.ts';
import { useConsole } from '../state/console-store.ts';
import { useHistory } from './history-store.ts';
import { parseRevision } from './parse-revision.ts';

/** Revisions offered; any other can be typed. */
const OFFERED_MAX = 100;

/** Any revision to compare the opened one with: one of the list, or one that is typed by number. */
export function ComparePicker({ row }: { readonly row: RevisionRow }) {
  const rows = useHistory((state) => state.pages.rows);
  const head = useConsole((state) => state.status?.head?.revision ?? null);
  // A search may leave out the newest.
  const newest = Math.max(head ?? 0, rows[0]?.revision ?? 0, row.revision);
  const comparedWith = useHistory((state) => state.comparedWith) ?? row.parent;
  const shown = comparedWith === null ? '' : `r${comparedWith}`;
  const [typed, setTyped] = useState(shown);
  useEffect(() => setTyped(shown), [shown]);
  const typedRevision = parseRevision(typed);
  const failure = typed !== '' && (typedRevision === null || typedRevision > newest);
  function choose(text: string): void {
    setTyped(text);
    const revision = parseRevision(text);
    if (revision !== null && revision <= newest && revision !== row.revision) {
      useHistory.setState({ comparedWith: revision as Revision });
    }
  }
  return (
    <Autocomplete
      aria-label="Compare with revision"
      size="xs"
      w={120}
      limit={OFFERED_MAX}
      placeholder="r12"
      error={failure}
      value={typed}
      data={rows
        .slice(0, OFFERED_MAX)
        .filter((each) => each.revision !== row.revision)
        .map((each) => `r${each.revision}`)}
      onChange={setTyped}
      onOptionSubmit={choose}
      onKeyDown={(event) => {
        if (event.key === 'Enter') choose(typed);
      }}
      onBlur={() => choose(typed)}
    />
  );
}
