import { hasMember, type Json, pointerInWords, pointerTo, stringAt } from './json.ts';
import type { ProblemFix } from './problem.ts';
import { type Report, show } from './shape.ts';

/** Reports entries whose name an earlier entry of the list has. */
export function checkRepeats(
  entries: readonly Json[],
  pointer: string,
  nameOf: (entry: Json) => Json | undefined,
  what: string,
  report: Report,
  fixAt?: (pointer: string) => ProblemFix,
): void {
  const seen = new Set<string>();
  entries.forEach((entry, index) => {
    const name = nameOf(entry);
    if (typeof name !== 'string') return;
    if (seen.has(name)) {
      report(
        'error',
        'duplicate-entry',
        pointerTo(pointer, index),
        `The ${what} ${show(name)} stands here twice; keep one.`,
        () => fixAt?.(pointerTo(pointer, index)),
      );
    }
    seen.add(name);
  });
}

/** A Service is reached by port; a Backend's endpoints carry their own. */
export function checkBackendPort(reference: Json, pointer: string, report: Report): void {
  const kind = stringAt(reference, 'kind') ?? 'Service';
  const group = stringAt(reference, 'group') ?? '';
  if (kind !== 'Service' || group !== '' || hasMember(reference, 'port')) return;
  if (stringAt(reference, 'name') === undefined) return;
  report(
    'error',
    'missing-port',
    pointer,
    `${pointerInWords(pointer)} refers to a Service without its port; add port.`,
  );
}
