import type { FlagPlan } from './policy-plan.ts';

/** Whether a flag is on for a request; `draw` is a whole number, uniform in [0, 2^31). */
export function isFlagOn(
  plan: FlagPlan,
  header: (lowerName: string) => string | undefined,
  cell: string,
  draw: number,
): boolean {
  if (plan.mode !== 'conditional') return plan.mode === 'on';
  if (plan.cells.has(cell)) return true;
  if (plan.headers.some(({ name, value }) => header(name) === value)) return true;
  return draw * 100 < plan.percent * 0x8000_0000;
}
