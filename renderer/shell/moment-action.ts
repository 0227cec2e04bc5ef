import type { ConsoleStatus } from '../../core/protocol/console-model.ts';

export interface MomentAction {
  /** Null: nothing can be done but wait. */
  readonly actionId: string | null;
  readonly label: string;
  readonly tone: 'primary' | 'danger' | 'quiet';
  /** Why it cannot be done now, in words; null when it can. */
  readonly blocked: string | null;
}

/**
 * The one thing to do that fits the moment. Publishing is offered only where the draft is in sight:
 * a forgotten draft takes nothing away elsewhere.
 */
export function actionOfTheMoment(
  status: ConsoleStatus,
  config: { readonly inConfig: boolean; readonly publishBlocked: string | null },
): MomentAction {
  const { state } = status.controlPlane;
  const free = { blocked: null } as const;
  if (state === 'down') {
    const label = 'Start control plane';
    return { ...free, actionId: 'control-plane.start', label, tone: 'primary' };
  }
  if (state === 'starting') return { ...free, actionId: null, label: 'Starting…', tone: 'quiet' };
  if (status.fleet.ahead > 0) {
    const label = 'Adopt fleet state…';
    return { ...free, actionId: 'control-plane.adopt-fleet', label, tone: 'primary' };
  }
  if (config.inConfig && status.draft !== null) {
    const blocked = config.publishBlocked;
    return { actionId: 'draft.publish', label: 'Publish…', tone: 'primary', blocked };
  }
  const label = 'Kill control plane';
  return { ...free, actionId: 'control-plane.kill', label, tone: 'danger' };
}
