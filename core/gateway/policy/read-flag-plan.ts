import { integerAt, type JsonObject, listAt, objectAt, stringAt } from '../json.ts';
import type { FlagPlan } from './policy-plan.ts';

/** When a FeatureFlag's spec, of any shape, is on. What cannot be understood is off. */
export function readFlagPlan(key: string, spec: JsonObject | undefined): FlagPlan {
  const when = objectAt(spec, 'when');
  const headers: { name: string; value: string }[] = [];
  for (const entry of listAt(when, 'headers')) {
    const name = stringAt(entry, 'name');
    const value = stringAt(entry, 'value');
    if (name !== undefined && value !== undefined)
      headers.push({ name: name.toLowerCase(), value });
  }
  return {
    key,
    mode: modeOf(stringAt(spec, 'mode')),
    headers,
    cells: new Set(listAt(when, 'cells').filter((cell) => typeof cell === 'string')),
    percent: Math.max(0, Math.min(100, integerAt(when, 'percent') ?? 0)),
  };
}

function modeOf(mode: string | undefined): FlagPlan['mode'] {
  if (mode === 'On') return 'on';
  return mode === 'Conditional' ? 'conditional' : 'off';
}
