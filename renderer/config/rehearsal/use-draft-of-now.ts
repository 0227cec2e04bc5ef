import { useMemo } from 'react';
import { getDraftController } from '../draft-session.ts';
import { useDraft } from '../draft-store.ts';
import type { RehearsedDraft } from './rehearsal-store.ts';

/** The draft's text as it stands, and the head that it would be published on. */
export function useDraftOfNow(): RehearsedDraft {
  const head = useDraft((state) => state.head?.revision ?? null);
  const analysis = useDraft((state) => state.analysis);
  const analyzing = useDraft((state) => state.analyzing);
  const placed = useDraft((state) => state.placed.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them tells of another text
  return useMemo(
    () => ({ text: getDraftController().text(), head }),
    [head, analysis, analyzing, placed],
  );
}
