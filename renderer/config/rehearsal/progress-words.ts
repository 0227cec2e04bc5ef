import type { RehearsalProgress } from '../../../core/protocol/console-api.ts';
import { seedCount } from './forecast-words.ts';

/** How far the running rehearsal is, for the bar and the words beside it. */
export interface ShownProgress {
  /** Of the budget, from 0 to 100. */
  readonly percent: number;
  readonly words: string;
}

/** @param elapsedMs since the rehearsal was asked for, by the page's own clock */
export function rehearsalProgress(
  told: RehearsalProgress | null,
  elapsedMs: number,
  budgetMs: number,
  isStopping: boolean,
): ShownProgress {
  // By the page's clock too: the bar does not stand still while a long seed runs.
  const wholeMs = told?.budgetMs ?? budgetMs;
  const passedMs = Math.min(wholeMs, Math.max(told?.elapsedMs ?? 0, elapsedMs));
  const percent = Math.round((100 * passedMs) / wholeMs);
  if (isStopping) return { percent, words: 'stopping' };
  if (told === null) return { percent, words: 'copying the fleet' };
  const done = `${seedCount(told.seedsDone)} done`;
  const leftSeconds = Math.ceil((wholeMs - passedMs) / 1_000);
  if (leftSeconds === 0 && told.seedsDone === 0) {
    return { percent, words: 'the first seed is still running' };
  }
  if (leftSeconds === 0) return { percent, words: `${done}, the last one is running` };
  return { percent, words: `${done}, ${leftSeconds} s left` };
}
