import type {
  ConsoleMethod,
  ConsoleParams,
  ConsoleResults,
} from '../../core/protocol/console-api.ts';
import { getClient } from '../client.ts';
import { notifyDone, notifyRefusal } from '../shell/notify.ts';

/**
 * Asks the console for something and tells the person how it went. Null: it was refused, and the
 * person has been told why.
 */
export async function perform<M extends ConsoleMethod>(
  method: M,
  params: ConsoleParams<M>,
  words: { readonly failed: string; readonly done?: (result: ConsoleResults[M]) => string },
): Promise<ConsoleResults[M] | null> {
  const outcome = await getClient().request(method, params);
  if (!outcome.ok) {
    notifyRefusal(words.failed, outcome.error);
    return null;
  }
  if (words.done !== undefined) notifyDone(words.done(outcome.value));
  return outcome.value;
}
