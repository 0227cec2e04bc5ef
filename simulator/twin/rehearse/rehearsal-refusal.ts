import type { ControlPlaneRefusal } from '../../../core/protocol/control-plane-control.ts';

/** The draft, the shape or the faults cannot be rehearsed; in one sentence. */
export interface RehearsalRefusal {
  readonly detail: string;
  /** Why the control plane would refuse the draft, or that the fleet is none; absent: something else is the matter. */
  readonly reason?: ControlPlaneRefusal['reason'] | 'unusable-shape';
}
