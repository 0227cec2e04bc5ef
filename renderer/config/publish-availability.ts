import type { ProcessStatus } from '../../core/protocol/console-model.ts';

export interface PublishFacts {
  readonly connected: boolean;
  readonly controlPlane: Pick<ProcessStatus, 'state'> | null;
  readonly hasDraft: boolean;
  /** False while the newest text has not been looked at yet. */
  readonly analyzed: boolean;
  readonly errors: number;
  readonly sameAsHead: boolean;
  /** Whether the head holds resources that only another publish of its text puts in force. */
  readonly unforced: boolean;
  readonly base: number | null;
  readonly head: number | null;
  readonly ahead: number;
}

/** Why the draft cannot be published now, as one sentence; null when it can. */
export function publishBlockedReason(facts: PublishFacts): string | null {
  if (!facts.connected) return 'The console is not connected to its host.';
  if (facts.controlPlane === null) return 'Waiting for the first word about the control plane.';
  if (!facts.hasDraft && !facts.unforced) return 'There is no draft: edit the text first.';
  if (facts.controlPlane.state === 'down') {
    return 'The control plane is down. The draft is kept; publish it when the control plane is back.';
  }
  if (facts.controlPlane.state === 'starting') return 'The control plane is starting.';
  if (!facts.analyzed) return 'The text is being checked.';
  if (facts.errors > 0) {
    return facts.errors === 1 ? '1 problem blocks it.' : `${facts.errors} problems block it.`;
  }
  if (facts.base !== facts.head && facts.head !== null) {
    return `The draft is based on ${revisionName(facts.base)}, and the head is ${revisionName(facts.head)}.`;
  }
  if (facts.sameAsHead && !facts.unforced)
    return `Nothing differs from ${revisionName(facts.head)}.`;
  if (facts.ahead > 0) {
    return `${facts.ahead} ${facts.ahead === 1 ? 'node is' : 'nodes are'} ahead of the control plane: adopt the fleet's state first.`;
  }
  return null;
}

/** `r12`, or `nothing` for the state before the first publish. */
export function revisionName(revision: number | null): string {
  return revision === null ? 'nothing' : `r${revision}`;
}
