import { MICROS_PER_MS, micros } from '../../../core/ports/clock.ts';
import type { ControlPlaneRequest } from '../../../core/protocol/control-plane-control.ts';
import type { TwinWorld } from '../twin-world.ts';
import type { OperatorAction, ScheduledAction } from './swarm-plan.ts';

const ACTOR = 'swarm';
/** What a request costs the control plane, microseconds. */
const REQUEST_US = 500;

/** Has an operator do all this at its time. What is refused is refused: nobody tries again. */
export function scheduleActions(world: TwinWorld, actions: readonly ScheduledAction[]): void {
  for (const { atMs, action } of actions) {
    world.time.at(micros(atMs * MICROS_PER_MS), () => act(world, action));
  }
}

function act(world: TwinWorld, action: OperatorAction): void {
  switch (action.kind) {
    case 'publish':
      world.publish(action.text, 'a change');
      return;
    case 'rollback':
      ask(world, () => rollbackOf(world, action.back));
      return;
    case 'retire':
      ask(world, () => ({
        method: 'change-inventory',
        add: [],
        retire: [action.nodeId],
        actor: ACTOR,
      }));
      return;
    case 'provision':
      ask(world, () => ({
        method: 'change-inventory',
        add: [{ ...action.node }],
        retire: [],
        actor: ACTOR,
      }));
      return;
    case 'adopt':
      ask(world, () => ({ method: 'adopt-fleet', headText: null, actor: ACTOR }));
      return;
  }
}

function rollbackOf(world: TwinWorld, back: number): ControlPlaneRequest | null {
  const [to, ...newer] = world.controlPlane.store.revisions({ limit: back + 1 }).reverse();
  if (to === undefined || newer.length === 0) return null;
  return { method: 'rollback', to: to.revision, message: 'back', actor: ACTOR };
}

/** Goes nowhere while the control plane is down. */
function ask(world: TwinWorld, request: () => ControlPlaneRequest | null): void {
  const { controlPlane } = world;
  controlPlane.whenFree(() => {
    const asked = request();
    if (asked !== null) controlPlane.request(asked, REQUEST_US);
  });
}
