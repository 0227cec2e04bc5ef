import type { ResourceTouch } from '../../core/protocol/console-model.ts';
import type { ConfigAnalysis } from '../workers/config-worker-messages.ts';
import type { FormDocument } from './form/form-model.ts';
import { type LiveDocument, problemsOf } from './live-document.ts';

/** What a form shows: the text of this moment, with what is known of it. */
export function formDocumentOf(input: {
  readonly live: LiveDocument;
  readonly analysis: ConfigAnalysis | null;
  readonly hasDraft: boolean;
  readonly blame: ReadonlyMap<string, ResourceTouch>;
}): FormDocument {
  const { live, analysis, hasDraft, blame } = input;
  const { identity, body } = live.read;
  const touch = blame.get(live.key);
  return {
    key: live.key,
    kind: identity?.kind ?? '',
    namespace: identity?.namespace ?? '',
    name: identity?.name ?? '',
    body,
    problems: problemsOf(live, analysis),
    changed: hasDraft ? changedPointers(live.key, analysis) : [],
    touched:
      touch === undefined
        ? null
        : { revision: touch.revision, author: touch.author, atMs: touch.atMs },
  };
}

/** Pointers that differ from the head; a resource that is new differs as a whole. */
function changedPointers(key: string, analysis: ConfigAnalysis | null): string[] {
  const change = analysis?.changes.find((each) => each.key === key);
  if (change === undefined || change.change === 'text-only') return [];
  return change.change === 'added' ? [''] : change.fields.map((field) => field.pointer);
}
