import type { NodeId } from '../../../core/config/ids.ts';
import { describeFault, describeTarget } from '../../../core/fault/describe-fault.ts';
import type { LinkFault } from '../../../core/fault/fault.ts';
import { planInventory } from '../../../core/fleet/roster.ts';
import { err, ok } from '../../../core/lib/result.ts';
import type { ConsoleRefusal } from '../../../core/protocol/console-api.ts';
import { FLEET_DEFAULTS } from '../../../core/protocol/console-api.ts';
import type { SimulatorResult } from '../../../core/protocol/simulator-control.ts';
import { FAULTS_MAX } from '../limits.ts';
import { nodeRow, nodeRows } from '../node-rows.ts';
import type { ConsoleServices, RequestAnswer, RequestHandlers } from './console-services.ts';
import { readNodeDetail } from './node-detail.ts';

type FleetMethod =
  | 'get-status'
  | 'list-nodes'
  | 'get-node'
  | 'get-traffic-history'
  | 'restart-nodes'
  | 'start-fault'
  | 'clear-fault'
  | 'resize-fleet'
  | 'retire-node'
  | 'set-staleness-budget';

/** Nodes: to look at, to break, to provision. */
export function fleetRequests(services: ConsoleServices): RequestHandlers<FleetMethod> {
  return { ...viewRequests(services), ...faultRequests(services), ...inventoryRequests(services) };
}

function viewRequests(services: ConsoleServices) {
  const { model } = services;
  return {
    'get-status': () => ok(services.status()),
    'list-nodes': () => ok({ nodes: nodeRows(model) }),
    'get-node': async ({ nodeId }) => {
      const row = nodeRow(model, nodeId);
      return row === null ? err(unknownNode(nodeId)) : ok(await readNodeDetail(services, row));
    },
    'get-traffic-history': () => ok({ steps: model.traffic.toArray() }),
    'set-staleness-budget': (budget) => {
      services.settings.budget = budget;
      model.budget = budget;
      services.events.add({
        kind: 'note',
        title: 'Staleness budget changed',
        detail: `${budget.lagRevisions} revisions, ${budget.lagMs / 1_000} s of lag, ${budget.unverifiedMs / 1_000} s unverified; by ${services.operator}.`,
      });
      return ok(budget);
    },
  } satisfies RequestHandlers<
    'get-status' | 'list-nodes' | 'get-node' | 'get-traffic-history' | 'set-staleness-budget'
  >;
}

function faultRequests(services: ConsoleServices) {
  const { simulator, events, model, operator } = services;
  return {
    'restart-nodes': async ({ target, disk }) => {
      const answer = await simulator.request({ type: 'restart-nodes', target, disk });
      if (!answer.ok) return answer;
      const nodes = nodesOf(answer.value);
      events.add({
        kind: 'nodes-restarted',
        title: `${capitalised(describeTarget(target))} restarted, disk ${disk === 'wipe' ? 'wiped' : 'kept'}`,
        detail: `${nodes} nodes, by ${operator}.`,
      });
      return ok({ nodes });
    },
    'start-fault': ({ fault }) => startFault(services, fault),
    'clear-fault': async ({ faultId }) => {
      if (!model.faults.has(faultId)) {
        return err({ reason: 'unknown-fault', detail: `No fault ${faultId} is in force.` });
      }
      const answer = await simulator.request({ type: 'clear-fault', faultId });
      if (!answer.ok) return answer;
      services.lifecycle.planes.faultEnded(faultId, `taken off by ${operator}`);
      return ok({ nodes: nodesOf(answer.value) });
    },
  } satisfies RequestHandlers<'restart-nodes' | 'start-fault' | 'clear-fault'>;
}

async function startFault(
  { simulator, model, events, nowMs, operator }: ConsoleServices,
  fault: LinkFault,
): Promise<RequestAnswer<'start-fault'>> {
  if (model.faults.size >= FAULTS_MAX) {
    const detail = `${FAULTS_MAX} faults are in force already; take one off first.`;
    return err({ reason: 'too-large', detail });
  }
  const startedAtMs = nowMs();
  const id = freeFaultId(model.faults, startedAtMs);
  const answer = await simulator.request({ type: 'start-fault', faultId: id, fault });
  if (!answer.ok) return answer;
  const endsAtMs = fault.durationMs === null ? null : startedAtMs + fault.durationMs;
  const active = { id, fault, startedAtMs, endsAtMs, nodes: nodesOf(answer.value) };
  model.faults.set(id, active);
  events.add({
    kind: 'fault-started',
    severity: 'warning',
    title: capitalised(describeFault(fault)),
    detail: `${active.nodes} nodes, ${endsAtMs === null ? 'until taken off' : `for ${(fault.durationMs ?? 0) / 1_000} s`}, by ${operator}.`,
    subject: id,
  });
  return ok(active);
}

function inventoryRequests(services: ConsoleServices) {
  const { controlPlane, model, events, operator, settings, lifecycle } = services;
  return {
    'resize-fleet': async ({ nodes }) => {
      const cells = settings.firstRun?.cells ?? FLEET_DEFAULTS.cells;
      const before = model.rosterNodes.length;
      const plan = planInventory({ nodes, cells, current: model.rosterNodes });
      const answer = await controlPlane.request({
        method: 'change-inventory',
        add: [...plan.add],
        retire: [...plan.retire],
        actor: operator,
      });
      if (!answer.ok) return answer;
      lifecycle.planes.inventoryChanged(answer.value.inventory);
      const detail = `${plan.add.length} provisioned, ${plan.retire.length} retired, by ${operator}.`;
      const title = `Fleet resized from ${before} to ${nodes} nodes`;
      events.add({ kind: 'fleet-resized', title, detail });
      return ok({ nodes: answer.value.inventory.length });
    },
    'retire-node': async ({ nodeId }) => {
      if (model.rowOf(nodeId) === null) return err(unknownNode(nodeId));
      const answer = await controlPlane.request({
        method: 'change-inventory',
        add: [],
        retire: [nodeId],
        actor: operator,
      });
      if (!answer.ok) return answer;
      lifecycle.planes.inventoryChanged(answer.value.inventory);
      events.add({ kind: 'node-retired', title: `${nodeId} retired`, detail: `By ${operator}.` });
      return ok({ nodes: answer.value.inventory.length });
    },
  } satisfies RequestHandlers<'resize-fleet' | 'retire-node'>;
}

function unknownNode(nodeId: NodeId): ConsoleRefusal {
  return { reason: 'unknown-node', detail: `There is no node ${nodeId} in the inventory.` };
}

function nodesOf(result: SimulatorResult): number {
  return result.kind === 'inspection' ? 0 : result.nodes;
}

function freeFaultId(taken: ReadonlyMap<string, unknown>, startedAtMs: number): string {
  let serial = 0;
  while (taken.has(`fault-${startedAtMs}-${serial}`)) serial += 1;
  return `fault-${startedAtMs}-${serial}`;
}

/** `Cell eu-west`, for titles. */
function capitalised(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
