/** Shortest and longest quiet time before the text is looked at, milliseconds. */
export const ANALYZE_DELAY_MS_MIN = 20;
export const ANALYZE_DELAY_MS_MAX = 100;

/**
 * Quiet time after a keystroke before the text is looked at. As long as a look takes, so that problems
 * of a small config are there at once and a large one is not looked at for every letter.
 */
export function analyzeDelayMs(lastAnalysisMs: number): number {
  return Math.round(
    Math.min(ANALYZE_DELAY_MS_MAX, Math.max(ANALYZE_DELAY_MS_MIN, lastAnalysisMs / 2)),
  );
}
