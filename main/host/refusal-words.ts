import { basename } from 'node:path';
import type { Problem } from '../../core/gateway/problem.ts';
import { withoutFullStop } from '../../core/lib/sentence.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';

/** Errors quoted; the rest is counted. */
const QUOTED_MAX = 5;

const WHY: Partial<Record<ConsoleRefusal['reason'], string>> = {
  conflict: 'the head has moved on',
  'fleet-ahead': 'nodes are ahead of the control plane',
  'nothing-to-publish': 'nothing differs from the head',
  'removes-everything': 'it would remove every resource',
  'storage-failed': 'it could not be stored',
  'unknown-revision': 'there is no such revision',
};

/** A refused publish for the event log: what and why in the title, the first errors as detail. */
export function refusedInWords(
  refusal: Pick<ConsoleRefusal, 'reason' | 'detail' | 'problems'>,
  asked: { readonly actor: string; readonly name?: string },
): { readonly title: string; readonly detail: string } {
  const errors = (refusal.problems ?? []).filter((problem) => problem.severity === 'error');
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  const why = errors.length > 0 ? count : (WHY[refusal.reason] ?? withoutFullStop(refusal.detail));
  const what = asked.name === undefined ? 'Publishing' : basename(asked.name);
  const said = errors.length > 0 ? quoted(errors) : `${withoutFullStop(refusal.detail)}.`;
  return { title: `${what} refused: ${why}`, detail: `${said} Asked by ${asked.actor}.` };
}

function quoted(errors: readonly Problem[]): string {
  const sentences = errors
    .slice(0, QUOTED_MAX)
    .map(({ line, message }) => `Line ${line}: ${message}`);
  const more = errors.length - sentences.length;
  return [...sentences, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ');
}
