import { sampleConfigText } from '../../bench/sample-config.ts';
import { SYNC_STATUSES } from '../../core/fleet/frame.ts';
import type { Belief, ConvergenceReport } from '../../core/protocol/control-plane-control.ts';
import type { NodeInspection } from '../../core/protocol/simulator-control.ts';

export const CALIBRATION_NODES = 300;
export const CALIBRATION_CELLS = 4;
export const CALIBRATION_HEARTBEAT_MS = 1_000;
const ROUTES = 40;

/** What is done to a fleet, one after the other; each is waited for before the next begins. */
export type CalibrationStep =
  | { readonly kind: 'publish'; readonly name: string; readonly text: string }
  | { readonly kind: 'outage'; readonly name: string; readonly downMs: number }
  | { readonly kind: 'restart-fleet'; readonly name: string }
  | { readonly kind: 'quiet'; readonly name: string; readonly forMs: number };

const FIRST = sampleConfigText(ROUTES);
const CHANGED = sampleConfigText(ROUTES, 17, 1);
/** Agents before 1.4 lack the CORS filter. */
const REFUSED_BY_OLDER = `${CHANGED}---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cors, namespace: bench}
spec:
  parentRefs: [{name: public}]
  hostnames: ["cors.bench.example"]
  rules:
  - matches:
    - path: {type: PathPrefix, value: /cors}
    filters:
    - {type: CORS, cors: {allowOrigins: ["https://shop.example"]}}
    backendRefs:
    - {name: backend-000, port: 8080}
`;

export const CALIBRATION_STEPS: readonly CalibrationStep[] = [
  { kind: 'publish', name: 'first publish', text: FIRST },
  { kind: 'publish', name: 'one resource changes', text: CHANGED },
  { kind: 'quiet', name: 'quiet', forMs: 4_000 },
  { kind: 'outage', name: 'control plane killed and started again', downMs: 2_000 },
  { kind: 'restart-fleet', name: 'all nodes restarted' },
  { kind: 'publish', name: 'older agents refuse', text: REFUSED_BY_OLDER },
];

/** Totals over all lives of the control plane. */
export interface CalibrationCounts {
  readonly pushesDelta: number;
  readonly pushesFull: number;
  readonly acks: number;
  readonly nacks: number;
  readonly staleNonces: number;
  readonly retryLaters: number;
}

/** What there is after a step, when nothing is under way any more. */
export interface CalibrationPhase {
  readonly name: string;
  readonly counts: CalibrationCounts;
  readonly believed: Belief['counts'];
  /** `SYNCED`, and of how many nodes; in the order of the inventory. */
  readonly statuses: readonly string[];
  /** One line a node: what it serves, from where, its link, and what it refused. */
  readonly nodes: readonly string[];
}

export interface CalibrationOutcome {
  readonly phases: readonly CalibrationPhase[];
  /** While the control plane was down. */
  readonly duringOutage: readonly string[];
  /** Of each publish, oldest first, at the end. */
  readonly reports: readonly ConvergenceReport[];
  /** Payload bytes to one node in one second, when nothing happens. */
  readonly quietBytesPerNodeSecond: number;
}

/** One of the two worlds, with the scenario's fleet in it. */
export interface CalibrationStage {
  /** Does a step and waits until nothing is under way any more. */
  take(step: CalibrationStep): Promise<void>;
  phase(name: string): Promise<CalibrationPhase>;
  duringOutage(): readonly string[];
  reports(): Promise<readonly ConvergenceReport[]>;
  quietBytesPerNodeSecond(): number;
  close(): Promise<void>;
}

export async function playCalibration(stage: CalibrationStage): Promise<CalibrationOutcome> {
  try {
    const phases: CalibrationPhase[] = [];
    for (const step of CALIBRATION_STEPS) {
      await stage.take(step);
      phases.push(await stage.phase(step.name));
    }
    return {
      phases,
      duringOutage: stage.duringOutage(),
      reports: await stage.reports(),
      quietBytesPerNodeSecond: stage.quietBytesPerNodeSecond(),
    };
  } finally {
    await stage.close();
  }
}

/** Whether every node is connected and has answered for the head, and nothing is on its way. */
export function isSettled({ counts, load, head }: Belief, revision: number): boolean {
  const answered = counts.acknowledged + counts.rejected;
  return (
    head?.revision === revision &&
    counts.connected === counts.inventory &&
    answered === counts.inventory &&
    load.pushesInFlight + load.fullPushesQueued + load.handshakesPending === 0 &&
    load.pushesDelta + load.pushesFull === load.acks + load.nacks
  );
}

export function countsOf({ load }: Belief): CalibrationCounts {
  const { pushesDelta, pushesFull, acks, nacks, staleNonces, retryLaters } = load;
  return { pushesDelta, pushesFull, acks, nacks, staleNonces, retryLaters };
}

export function addCounts(a: CalibrationCounts, b: CalibrationCounts): CalibrationCounts {
  return {
    pushesDelta: a.pushesDelta + b.pushesDelta,
    pushesFull: a.pushesFull + b.pushesFull,
    acks: a.acks + b.acks,
    nacks: a.nacks + b.nacks,
    staleNonces: a.staleNonces + b.staleNonces,
    retryLaters: a.retryLaters + b.retryLaters,
  };
}

export function statusesOf({ syncStatus }: Belief): readonly string[] {
  return [...syncStatus].map((status) => SYNC_STATUSES[status] ?? 'none');
}

/** `eu-west/edge-0001 1.4.2 serves r3 from control-plane, healthy, connected, welcomed again 2 times; applied r3` */
export function nodeLine(inspection: NodeInspection): string {
  const { nodeId, agentVersion, health, link, serving, lastPush } = inspection;
  const served = serving === null ? 'nothing' : `r${serving.revision} from ${serving.source}`;
  const refused =
    lastPush?.resources.map(({ key, detail }) => ` ${key}: ${detail}`).join(',') ?? '';
  const push =
    lastPush === null ? 'no push' : `${lastPush.outcome} r${lastPush.revision}${refused}`;
  const state = `${health}, ${link.state}, welcomed again ${link.reconnects} times`;
  return `${nodeId} ${agentVersion} serves ${served}, ${state}; ${push}`;
}

/** What a node answers requests with. */
export function servedLine({ nodeId, health, serving }: NodeInspection): string {
  return `${nodeId} ${health} r${serving?.revision ?? 0} from ${serving?.source ?? 'nothing'}`;
}
