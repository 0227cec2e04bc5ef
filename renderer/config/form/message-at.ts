import { pointerInWords } from '../../../core/gateway/json.ts';
import type { Problem } from '../../../core/gateway/problem.ts';
import { isUnder } from './place-problems.ts';

/**
 * A problem as it is said beside a part of the form: where the whole sentence begins with the path
 * to its field, only what lies further in than the part is named. The problems list has it whole.
 */
export function messageAt(problem: Problem, part: string): string {
  const { message, pointer } = problem;
  const path = `${pointerInWords(pointer)} `;
  if (pointer === '' || !isUnder(pointer, part) || !message.startsWith(path)) return message;
  const rest = message.slice(path.length);
  if (part === '') return message;
  if (pointer === part) return `${rest.slice(0, 1).toUpperCase()}${rest.slice(1)}`;
  return `${pointerInWords(pointer.slice(part.length))} ${rest}`;
}
