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
import { withoutFullStop } from '../../../core/lib/sentence.ts';
import { addMicros, MICROS_PER_SECOND } from '../../../core/ports/clock.ts';
import type { ConfigStore } from '../../../core/ports/store.ts';
import type { RequestShape } from '../../../core/protocol/simulator-control.ts';
import type { RehearsalRequest } from '../../../core/protocol/twin-control.ts';
import type { FleetShape } from '../../../core/rehearsal/fleet-shape.ts';
import { TrafficMemory } from '../../live/traffic-memory.ts';
import { LIVE_FLEET_SERVICE_TIMES, SERVICE_TIMES } from '../service-times.ts';
import { storedResources } from '../stored-resources.ts';
import type { DiskContent } from '../twin-disk.ts';
import { DEFAULT_TWIN_OPTIONS, type TwinOptions } from '../twin-options.ts';
import type { WorldStart } from '../world-start.ts';
import { type PublishedTexts, publishTexts } from './publish-texts.ts';
import { type RehearsalFaults, readRehearsalFaults } from './rehearsal-faults.ts';
import type { RehearsalRefusal } from './rehearsal-refusal.ts';

/** All that the seeds of one rehearsal have in common, made once. */
export interface Rehearsal {
  readonly request: RehearsalRequest;
  /** Those of every seed but for the seed itself. */
  readonly options: TwinOptions;
  readonly start: WorldStart;
  readonly faults: RehearsalFaults;
  readonly requestShapes: readonly RequestShape[];
  /** Nodes that served something when the shape was taken: clients ask them, up or down. */
  readonly served: ReadonlySet<NodeId>;
  readonly memory: ControlPlaneMemory;
  readonly trafficMemory: TrafficMemory;
}

export function prepareRehearsal(request: RehearsalRequest): Result<Rehearsal, RehearsalRefusal> {
  const { shape, draftText } = request;
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
  const draft = tryDraft(store, draftText, memory, addMicros(endedAt, 2 * MICROS_PER_SECOND));
  if (!draft.ok) return draft;
  const start = startOf(shape, published.value);
  return ok({
    request,
    options: optionsOf(request, start, faults.value),
    start,
    faults: faults.value,
    requestShapes: shape.shapes.length > 0 ? shape.shapes : draft.value,
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

/** Publishes the draft on a copy, so that what would be refused is told before any seed is run. */
function tryDraft(
  store: ConfigStore,
  text: string,
  memory: ControlPlaneMemory,
  now: WorldStart['at'],
): Result<RequestShape[], RehearsalRefusal> {
  const copy = copyMemoryConfigStore(store);
  const random = createSeededRandom(0);
  const settings = DEFAULT_CONTROL_PLANE_SETTINGS;
  const parts = { store: copy, random, settings, memory };
  const control = createControlPlane(parts, now);
  const base = store.head()?.revision ?? null;
  const asked = { method: 'publish', text, base, message: 'rehearsed', actor: 'twin' } as const;
  const effects = control.handle({ type: 'request', requestId: 1, request: asked }, now);
  for (const effect of effects) {
    if (effect.type !== 'respond') continue;
    const { response } = effect;
    if (!response.ok) {
      const { reason, detail } = response.error;
      return err({ reason, detail: `The draft would be refused: ${withoutFullStop(detail)}.` });
    }
  }
  // The requests are those that the head is made for, or the draft when it comes first.
  const shown = base ?? copy.head()?.revision ?? null;
  return ok(shown === null ? [] : deriveRequestShapes(storedResources(copy, shown)));
}

function startOf(shape: FleetShape, published: PublishedTexts): WorldStart {
  const { store, endedAt, contents, work } = published;
  const disks = new Map<NodeId, DiskContent>();
  for (const { nodeId, serving } of shape.nodes) {
    const content = serving === null ? undefined : contents[serving];
    if (content !== undefined) disks.set(nodeId, content);
  }
  return {
    at: endedAt,
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
