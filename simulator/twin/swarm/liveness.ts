import { CONVERGENCE_REVISIONS_MAX } from '../../../core/fleet/convergence.ts';
import { assert } from '../../../core/lib/assert.ts';
import { MICROS_PER_MS } from '../../../core/ports/clock.ts';
import type { InventoryNode, RevisionRecord } from '../../../core/ports/store.ts';
import type { Belief } from '../../../core/protocol/control-plane-control.ts';
import { standingMsOf } from '../twin-fault.ts';
import type { TwinNode } from '../twin-node.ts';
import type { TwinWorld } from '../twin-world.ts';
import { hold } from './swarm-failure.ts';
import type { SwarmPlan } from './swarm-plan.ts';
import type { SwarmWatch } from './swarm-watch.ts';

interface Truth {
  onTarget: number;
  /** Serve the target's content, under whichever generation. */
  withTargetHash: number;
  ahead: number;
  refusing: number;
}

/**
 * Some time after healing: every node of the inventory is connected and serves the target, or has a
 * reason not to that the world knows of; and the control plane tells it as it is.
 */
export function checkLiveness(world: TwinWorld, plan: SwarmPlan, watch: SwarmWatch): void {
  const { store } = world.controlPlane;
  const belief = world.controlPlane.belief();
  hold('liveness', belief !== null, () => 'The control plane has not come back.');
  watch.ledger.check(store);
  const head = store.head();
  assert(head !== null, 'the first config is published before anything can go wrong');
  const nodes = new Map(world.nodes.map((node) => [node.machine.nodeId, node]));
  const inventory = store.inventory();
  const truth: Truth = { onTarget: 0, withTargetHash: 0, ahead: 0, refusing: 0 };
  for (const place of inventory) {
    const node = nodes.get(place.nodeId);
    assert(node !== undefined, 'whoever is provisioned is of this world');
    count(truth, node, { head, plan, watch });
  }
  checkBelief(belief, inventory, truth);
  checkConvergence(world, watch, { nodes: inventory.length, onTarget: truth.onTarget, head });
}

function count(
  truth: Truth,
  node: TwinNode,
  { head, plan, watch }: { head: RevisionRecord; plan: SwarmPlan; watch: SwarmWatch },
): void {
  const { machine } = node;
  const { nodeId, phase, serving } = machine;
  hold(
    'liveness',
    phase.kind === 'running' && phase.link.kind === 'open',
    () => `${nodeId} is not connected.`,
  );
  const statement = serving?.statement;
  if (isMendable(node, head, watch)) {
    hold(
      'liveness',
      !watch.isHarmed(node),
      () => `The damaged memory of ${nodeId} was not mended.`,
    );
  }
  if (statement?.hash === head.rootHash) truth.withTargetHash += 1;
  if (statement?.generation === head.generation && statement.hash === head.rootHash) {
    truth.onTarget += 1;
    return;
  }
  // Of the newest generation and another content: of a branch that left this history.
  const isDamagedHead = statement?.damaged === true && statement.generation === head.generation;
  if (statement !== undefined && statement.generation >= head.generation && !isDamagedHead) {
    truth.ahead += 1;
    return;
  }
  const refused = watch.refusalOf(nodeId);
  const hasRefused = refused !== null && refused.revision === head.revision;
  const lacksFeature = refused?.reason === 'rejected' && machine.agent.featuresMissing.length > 0;
  const arrivedDamaged =
    refused?.reason === 'hash-mismatch' && wasCorruptedAfter(plan, node, watch);
  const mayRefuse = lacksFeature || arrivedDamaged;
  const serves = statement === undefined ? 'nothing' : `r${statement.revision}`;
  hold(
    'liveness',
    hasRefused && mayRefuse,
    () =>
      `${nodeId} serves ${serves} and not r${head.revision}${hasRefused ? `, which it refused: ${refused.detail}` : ''}.`,
  );
  truth.refusing += 1;
}

/**
 * What is damaged is mended from the own disk or by a push. Neither helps who is ahead, or refuses the
 * head, with another config on its disk.
 */
function isMendable(node: TwinNode, head: RevisionRecord, watch: SwarmWatch): boolean {
  const { nodeId, serving } = node.machine;
  if (serving?.statement.damaged !== true) return true;
  if (serving.statement.generation > head.generation) return false;
  return watch.refusalOf(nodeId)?.revision !== head.revision;
}

/** Whether pushes to it came damaged after the head was published: nobody sends that a third time. */
function wasCorruptedAfter(plan: SwarmPlan, node: TwinNode, watch: SwarmWatch): boolean {
  const publishedMs = (watch.ledger.newest?.at ?? 0) / MICROS_PER_MS;
  return plan.faults.some(
    ({ atMs, fault }) =>
      fault.kind === 'push-corrupted' &&
      node.isCoveredBy(fault.target) &&
      atMs + (standingMsOf(fault) ?? 0) >= publishedMs,
  );
}

function checkBelief(belief: Belief, inventory: readonly InventoryNode[], truth: Truth): void {
  const { counts } = belief;
  for (const [what, said, is] of [
    ['connected', counts.connected, inventory.length],
    ['acknowledged', counts.acknowledged, truth.withTargetHash],
    ['rejected', counts.rejected, truth.refusing],
    ['ahead', counts.ahead, truth.ahead],
  ] as const) {
    hold(
      'liveness',
      said === is,
      () => `${said} of ${inventory.length} nodes count as ${what}, and ${is} are.`,
    );
  }
  const { convergence } = belief;
  hold(
    'liveness',
    convergence !== null && convergence.nodes === inventory.length,
    () => `Convergence is told of ${convergence?.nodes} nodes out of ${inventory.length}.`,
  );
}

/** Whoever serves the target has reached every revision up to it, also those never sent to it. */
function checkConvergence(
  world: TwinWorld,
  watch: SwarmWatch,
  { nodes, onTarget, head }: { nodes: number; onTarget: number; head: RevisionRecord },
): void {
  const followed = watch.ledger.entries.slice(-CONVERGENCE_REVISIONS_MAX);
  for (const { revision, life, at } of followed) {
    const isTold = life === watch.life && at > watch.inventoryChangedAt;
    if (revision !== head.revision && !isTold) continue;
    const answer = world.controlPlane.request({ method: 'get-convergence', revision }, 0);
    hold('liveness', answer.ok, () => `The convergence of r${revision} is not told.`);
    const { value } = answer;
    assert('reached' in value, 'that is what was asked for');
    hold(
      'liveness',
      value.nodes === nodes && value.reached >= onTarget && value.reached <= nodes,
      () =>
        `${value.reached} of ${value.nodes} nodes are told to have reached r${revision}; ${onTarget} of ${nodes} serve the target, which is not older.`,
    );
  }
}
