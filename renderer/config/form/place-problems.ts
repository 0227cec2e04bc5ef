import { pointerSteps } from '../../../core/gateway/json.ts';
import type { Problem } from '../../../core/gateway/problem.ts';

/** Whether `pointer` is `above` or lies under it. */
export function isUnder(pointer: string, above: string): boolean {
  return pointer === above || pointer.startsWith(`${above}/`) || above === '';
}

/**
 * Gives each problem to the innermost part of the form that is in sight. The whole document, `''`,
 * takes what fits nowhere else, so that no problem goes unsaid.
 */
export function placeProblems(
  problems: readonly Problem[],
  anchors: ReadonlySet<string>,
): ReadonlyMap<string, readonly Problem[]> {
  const placed = new Map<string, Problem[]>();
  for (const problem of problems) {
    let anchor = problem.pointer;
    while (anchor !== '' && !anchors.has(anchor)) anchor = anchor.slice(0, anchor.lastIndexOf('/'));
    const there = placed.get(anchor);
    if (there === undefined) placed.set(anchor, [problem]);
    else there.push(problem);
  }
  return placed;
}

const PARTS_OF_RULE: Readonly<Record<string, string>> = {
  name: 'name',
  filters: 'changes',
  timeouts: 'time-out',
  retry: 'retry',
  sessionPersistence: 'session',
};

/** What of a rule differs from the head: `changed: weights, header match`; empty when nothing does. */
export function changedInRule(changed: readonly string[], rule: string): string {
  const parts = new Set<string>();
  for (const pointer of changed) {
    // A route that is new says so once, in its head.
    if (pointer === '') return '';
    if (pointer === rule) return 'new or moved';
    if (isUnder(rule, pointer)) return 'changed';
    if (isUnder(pointer, rule)) parts.add(partOfRule(pointerSteps(pointer.slice(rule.length))));
  }
  return parts.size === 0 ? '' : `changed: ${[...parts].join(', ')}`;
}

function partOfRule(steps: readonly string[]): string {
  const [first = '', , third = ''] = steps;
  if (first === 'backendRefs') {
    if (third === 'weight') return 'weights';
    return third === 'filters' ? 'changes' : 'backends';
  }
  if (first === 'matches') {
    if (third === 'headers') return 'header match';
    if (third === 'queryParams') return 'parameter match';
    return third === 'method' ? 'method' : third === 'path' ? 'path' : 'matches';
  }
  return PARTS_OF_RULE[first] ?? first;
}
