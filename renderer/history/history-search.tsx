import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { SEARCH_CHARS_MAX } from '../../core/protocol/limits.ts';
import { searchHistory, useHistory } from './history-store.ts';

/** Quiet time after a keystroke before the history is asked, milliseconds. */
const SEARCH_DELAY_MS = 200;

/** Finds revisions by message, author, number or changed resource. */
export function HistorySearch() {
  const [typed, setTyped] = useState(useHistory.getState().search);
  useEffect(() => {
    const timer = setTimeout(() => searchHistory(typed), SEARCH_DELAY_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <TextInput
      type="search"
      aria-label="Search the history"
      placeholder="Message, author, r12 or changed resource"
      size="xs"
      w={320}
      maxLength={SEARCH_CHARS_MAX}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setTyped('');
      }}
    />
  );
}
