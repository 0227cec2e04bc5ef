import type { Problem } from '../../core/gateway/problem.ts';
import type { ResourceChange } from '../../core/protocol/console-model.ts';
import type { NodeRejection } from '../../core/protocol/control-plane-control.ts';
import { formatCount, formatNodes, formatTime } from '../format/format.ts';
import type { SaveState } from './draft-saver.ts';

/** `3 resources changed`, `comments of 2 resources changed`, `nothing changed`. */
export function changesInWords(changes: readonly ResourceChange[]): string {
  if (changes.length === 0) return 'nothing changed';
  const real = changes.filter((change) => change.change !== 'text-only').length;
  if (real === 0) return `only the text of ${counted(changes.length, 'resource')} changed`;
  return `${counted(real, 'resource')} changed`;
}

/** Problems that block publishing. */
export function countErrors(problems: readonly Problem[]): number {
  return problems.filter((problem) => problem.severity === 'error').length;
}

/** `1 resource`, `2,000 resources`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `saved 14:21:09`, `saving`, and why not. */
export function saveInWords(save: SaveState): string {
  switch (save.kind) {
    case 'none':
      return '';
    case 'unsaved':
    case 'saving':
      return 'saving';
    case 'saved':
      return `saved ${formatTime(save.atMs)}`;
    case 'failed':
      return `not saved: ${save.detail.replace(/^The draft was not saved: /, '')}`;
  }
}

/** How many nodes a publish reaches: a revision whose content is the same sends nothing. */
export function touchedInWords(changes: readonly ResourceChange[], inventory: number): string {
  const real = changes.some((change) => change.change !== 'text-only');
  if (!real) return `${formatNodes(inventory)} told, nothing to apply: only text differs`;
  return formatNodes(inventory);
}

/** `13 nodes, agent 1.3.0`. */
export function rejectersInWords(rejection: NodeRejection): string {
  return `${formatNodes(rejection.nodes)}, agent ${rejection.agentVersion}`;
}
