import type { NodeId } from '../../../core/config/ids.ts';
import { copyMemoryConfigStore } from '../../../core/config/memory-config-store.ts';
import {
  type ControlPlaneMemory,
  createControlPlane,
} from '../../../core/control-plane/control-plane.ts';
import { CreationTimestamps } from '../../../core/control-plane/creation-timestamps.ts';
import { DEFAULT_CONTROL_PLANE_SETTINGS } from '../../../core/control-plane/settings.ts';
import { DocumentCache } from '../../../core/gateway/parse-config.ts';
import { deriveRequestShapes } from '../../../core/gateway/request-shapes.ts';
import { err, ok, type Result } from '../../../core/lib/result.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { addMicros, MICROS_PER_MS, MICROS_PER_SECOND, micros } from '../../../core/ports/clock.ts';
import type { ConfigStore } from '../../../core/ports/store.ts';
import type { RequestShape } from '../../../core/protocol/simulator-control.ts';
import type { RehearsalRequest } from '../../../core/protocol/twin-control.ts';
import type { FleetShape } from '../../../core/rehearsal/fleet-shape.ts';
import { TrafficMemory } from '../../live/traffic-memory.ts';
import { CALIBRATION } from '../fitted-service-times.ts';
import { LIVE_FLEET_SERVICE_TIMES, SERVICE_TIMES } from '../service-times.ts';
import { storedResources } from '../stored-resources.ts';
import type { DiskContent } from '../twin-disk.ts';
import { DEFAULT_TWIN_OPTIONS, type TwinOptions } from '../twin-options.ts';
import type { WorldStart } from '../world-start.ts';
import { beyondCalibration, draftSizeOf } from './beyond-calibration.ts';
import { type PublishedTexts, publishTexts } from './publish-texts.ts';
import { type RehearsalFaults, readRehearsalFaults } from './rehearsal-faults.ts';
import { NOTHING_TO_SERVE, type RehearsalRefusal, refusedDraft } from './rehearsal-refusal.ts';
import { warmUpUsMin } from './warm-up.ts';

/** All that the seeds of one rehearsal have in common, made once. */
export interface Rehearsal {
  readonly request: RehearsalRequest;
  /** Those of every seed but for the seed itself. */
  readonly options: TwinOptions;
  readonly start: WorldStart;
  readonly faults: RehearsalFaults;
  readonly requestShapes: readonly RequestShape[];
  /** In what the forecast can be less right than it says, in sentences. */
  readonly notes: readonly string[];
  /** Nodes that served something when the shape was taken: clients ask them, up or down. */
  readonly served: ReadonlySet<NodeId>;
  readonly memory: ControlPlaneMemory;
  readonly trafficMemory: TrafficMemory;
}

export function prepareRehearsal(request: RehearsalRequest): Result<Rehearsal, RehearsalRefusal> {
  const { shape } = request;
  const problem = shapeProblem(shape);
  if (problem !== null) return err({ detail: problem, reason: 'unusable-shape' });
  const faults = readRehearsalFaults(request);
  if (!faults.ok) return faults;
  const memory: ControlPlaneMemory = {
    cache: new DocumentCache(),
    timestamps: new CreationTimestamps(),
  };
  const published = publishTexts(shape, memory);
  if (!published.ok) return err({ detail: published.error, reason: 'unusable-shape' });
  const { store, endedAt } = published.value;
  const draft = tryDraft(store, request, memory, addMicros(endedAt, 2 * MICROS_PER_SECOND));
  if (!draft.ok) return draft;
  const start = startOf(shape, published.value);
  return ok({
    request,
    options: optionsOf(request, start, faults.value),
    start,
    faults: faults.value,
    requestShapes: shape.shapes.length > 0 ? shape.shapes : draft.value.shapes,
    notes: draft.value.notes,
    served: new Set(shape.nodes.filter((node) => node.serving !== null).map((n) => n.nodeId)),
    memory,
    trafficMemory: new TrafficMemory(),
  });
}

function shapeProblem({ nodes, texts, revisions }: FleetShape): string | null {
  if (texts.length !== revisions.length) {
    return 'The shape of the fleet names another number of revisions than it has texts.';
  }
  const beyond = nodes.find(({ serving }) => serving !== null && serving >= texts.length);
  if (beyond !== undefined) {
    return `The shape of the fleet has no text for what ${beyond.nodeId} serves.`;
  }
  const ids = new Set(nodes.map(({ nodeId }) => nodeId));
  return ids.size === nodes.length ? null : 'The shape of the fleet names a node twice.';
}

interface TriedDraft {
  readonly shapes: RequestShape[];
  readonly notes: readonly string[];
}

/** Publishes the draft on a copy, so that what would be refused is told before any seed is run. */
function tryDraft(
  store: ConfigStore,
  { draftText: text, allowEmpty, shape }: RehearsalRequest,
  memory: ControlPlaneMemory,
  now: WorldStart['at'],
): Result<TriedDraft, RehearsalRefusal> {
  const copy = copyMemoryConfigStore(store);
  const random = createSeededRandom(0);
  const settings = DEFAULT_CONTROL_PLANE_SETTINGS;
  const parts = { store: copy, random, settings, memory };
  const control = createControlPlane(parts, now);
  const base = store.head()?.revision ?? null;
  const asked = { text, base, message: 'rehearsed', actor: 'twin', allowEmpty };
  const request = { method: 'publish', ...asked } as const;
  const effects = control.handle({ type: 'request', requestId: 1, request }, now);
  for (const effect of effects) {
    if (effect.type !== 'respond') continue;
    const { response } = effect;
    if (!response.ok) return err(refusedDraft(response.error, base, shape.revisions.at(-1) ?? 0));
  }
  if (base === null && copy.head()?.resources === 0 && allowEmpty !== true) {
    return err(NOTHING_TO_SERVE);
  }
  // The requests are those that the head is made for, or the draft when it comes first.
  const shown = base ?? copy.head()?.revision ?? null;
  const shapes = shown === null ? [] : deriveRequestShapes(storedResources(copy, shown));
  const note = beyondCalibration(draftSizeOf(store, copy), CALIBRATION.many);
  return ok({ shapes, notes: note === null ? [] : [note] });
}

function startOf(shape: FleetShape, published: PublishedTexts): WorldStart {
  const { store, endedAt, contents, work } = published;
  const ages = shape.nodes.map(({ unverifiedMs }) => unverifiedMs ?? 0);
  const oldestMs = ages.reduce((most, each) => Math.max(most, each), 0);
  const at = addMicros(endedAt, oldestMs * MICROS_PER_MS);
  const warmUpUs = warmUpUsMin(shape.heartbeatMs);
  const disks = new Map<NodeId, DiskContent>();
  for (const { nodeId, serving, unverifiedMs } of shape.nodes) {
    const content = serving === null ? undefined : contents[serving];
    if (content === undefined) continue;
    if (unverifiedMs === undefined) {
      disks.set(nodeId, content);
      continue;
    }
    // Who is cut off hears nothing before the publish, which it would be so long after.
    const verifiedAt = micros(at - unverifiedMs * MICROS_PER_MS + warmUpUs);
    disks.set(nodeId, { ...content, record: { ...content.record, verifiedAt } });
  }
  return {
    at,
    inventory: shape.nodes,
    store,
    disks,
    down: new Set(shape.nodes.filter(({ isUp }) => !isUp).map(({ nodeId }) => nodeId)),
    work,
  };
}

function optionsOf(
  { shape, draftText, firstSeed, horizonMs }: RehearsalRequest,
  start: WorldStart,
  faults: RehearsalFaults,
): TwinOptions {
  return {
    ...DEFAULT_TWIN_OPTIONS,
    start,
    nodes: shape.nodes.length,
    cells: shape.cells,
    seed: firstSeed,
    durationUs: horizonMs * 1_000,
    configText: draftText,
    faults: faults.schedule,
    // What clients ask is asked beside the world, and counted twice: with the draft and without.
    requestsPerSecond: 0,
    heartbeatMs: shape.heartbeatMs,
    link: shape.link,
    times: shape.nodesShareProcess ? LIVE_FLEET_SERVICE_TIMES : SERVICE_TIMES,
  };
}
