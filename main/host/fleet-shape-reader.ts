import type { Revision } from '../../core/config/ids.ts';
import { NEVER_MS, unpackNodeFlags } from '../../core/fleet/frame.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import { revisionSchema } from '../../core/protocol/primitives.ts';
import { type FleetShape, SHAPE_TEXTS_MAX } from '../../core/rehearsal/fleet-shape.ts';
import { LIVE_LINK_NATURE } from '../../core/rehearsal/live-link.ts';
import type { ControlPlaneLink } from './control-plane-link.ts';
import type { FleetModel } from './fleet-model.ts';
import type { HostSettings } from './host-settings.ts';
import { nodeCount } from './inventory-words.ts';
import { HEARTBEAT_MS, REQUESTS_PER_SECOND_A_NODE } from './limits.ts';
import { SHAPE_TEXTS_BYTES_MAX } from './rehearsal-limits.ts';
import type { RevisionTexts } from './revision-texts.ts';
import type { SimulatorLink } from './simulator-link.ts';
import type { HeadCopy } from './store/console-rows.ts';
import { twinFaultsText } from './twin-faults.ts';

export interface FleetShapeReaderInput {
  readonly model: FleetModel;
  readonly settings: HostSettings;
  readonly controlPlane: ControlPlaneLink;
  readonly simulator: SimulatorLink;
  readonly revisionTexts: RevisionTexts;
  readonly nowMs: () => number;
}

export interface ShapeReading {
  readonly shape: FleetShape;
  /** What the copy could not have right, in sentences. */
  readonly notes: readonly string[];
}

/** Texts of a shape with their revisions, oldest first. */
interface ShapeTexts {
  readonly texts: readonly string[];
  readonly revisions: readonly Revision[];
}

const CONTROL_PLANE_IS_DOWN =
  'The control plane is down: this is what publishing would come to once it is up again, on the fleet as the console knows it.';

/** Takes the copy of the fleet that a rehearsal begins with, from all that the console knows. */
export class FleetShapeReader {
  readonly #input: FleetShapeReaderInput;

  constructor(input: FleetShapeReaderInput) {
    this.#input = input;
  }

  async read(): Promise<Result<ShapeReading, ConsoleRefusal>> {
    const { model, settings, controlPlane, nowMs } = this.#input;
    const obstacle = this.#whyNot();
    if (obstacle !== null) return err(obstacle);
    const { texts, revisions } = await this.#readTexts(model.head);
    const roster = model.rosterNodes;
    // The fleet may have lost its last node while the texts were read.
    if (roster.length === 0) return err(NO_NODES);
    const notes = controlPlane.supervisor.status.state === 'up' ? [] : [CONTROL_PLANE_IS_DOWN];
    const { frame } = model;
    let misplaced = 0;
    const nodes = roster.map(({ nodeId, cell }, row) => {
      const revision = frame.servingRevision[row] ?? 0;
      const serving = placeOf(revision, revisions);
      if (serving !== null && revisions[serving] !== revision) misplaced += 1;
      const isUp = unpackNodeFlags(frame.flags[row] ?? 0).health !== 'down';
      const unverifiedMs = frame.unverifiedMs[row] ?? NEVER_MS;
      const place = { nodeId, cell, serving, isUp };
      return unverifiedMs === NEVER_MS ? place : { ...place, unverifiedMs };
    });
    if (misplaced > 0) notes.push(misplacedWords(misplaced));
    const shape: FleetShape = {
      nodes,
      cells: new Set(roster.map(({ cell }) => cell)).size,
      texts: [...texts],
      revisions: [...revisions],
      faultsText: twinFaultsText(model.faults.values(), roster, nowMs()),
      shapes: [...settings.shapes],
      requestsPerSecond: REQUESTS_PER_SECOND_A_NODE,
      heartbeatMs: HEARTBEAT_MS,
      link: { ...LIVE_LINK_NATURE },
      nodesShareProcess: true,
    };
    return ok({ shape, notes });
  }

  #whyNot(): ConsoleRefusal | null {
    const { model, simulator } = this.#input;
    if (model.rosterNodes.length === 0) return NO_NODES;
    if (simulator.supervisor.status.state !== 'up') return SIMULATOR_IS_DOWN;
    const ahead = Math.max(model.summaries.fleet.ahead, model.believed.ahead);
    if (ahead === 0) return null;
    return {
      reason: 'fleet-ahead',
      detail: `${nodeCount(ahead)} ${ahead === 1 ? 'is' : 'are'} ahead of the control plane, which refuses to publish then; adopt what the fleet serves first.`,
    };
  }

  /** The head, and the newest of what nodes still serve besides, as far as there is room. */
  async #readTexts(head: HeadCopy | null): Promise<ShapeTexts> {
    if (head === null) return { texts: [], revisions: [] };
    const { revisionTexts } = this.#input;
    revisionTexts.remember(head);
    const found = [{ text: head.text, revision: head.record.revision }];
    let roomBytes = SHAPE_TEXTS_BYTES_MAX - Buffer.byteLength(head.text, 'utf8');
    const older = this.#olderServed(head.record.revision);
    // All at once: one that hangs is waited for once, not for each of them.
    const read = await Promise.all(older.map((each) => revisionTexts.read(head.lineage, each)));
    for (const [index, revision] of older.entries()) {
      const text = read[index] ?? null;
      if (text === null) continue;
      roomBytes -= Buffer.byteLength(text, 'utf8');
      if (roomBytes < 0) break;
      found.unshift({ text, revision });
    }
    return {
      texts: found.map(({ text }) => text),
      revisions: found.map(({ revision }) => revision),
    };
  }

  /** Newest first. */
  #olderServed(head: Revision): Revision[] {
    const { servingRevision } = this.#input.model.frame;
    return [...new Set(servingRevision)]
      .filter((revision) => revision > 0 && revision < head)
      .sort((a, b) => b - a)
      .slice(0, SHAPE_TEXTS_MAX - 1)
      .map((revision) => revisionSchema.parse(revision));
  }
}

/** Its own text, or else the next older one, or else the oldest; null: it serves nothing. */
function placeOf(serving: number, revisions: readonly number[]): number | null {
  if (serving === 0 || revisions.length === 0) return null;
  return Math.max(
    0,
    revisions.findLastIndex((revision) => revision <= serving),
  );
}

function misplacedWords(nodes: number): string {
  const serve = nodes === 1 ? 'serves a revision' : 'serve revisions';
  return `${nodeCount(nodes)} ${serve} whose text the copy does not have: taken to serve the next older one that it has, or the oldest.`;
}

const NO_NODES: ConsoleRefusal = {
  reason: 'unknown-node',
  detail: 'The fleet has no nodes to rehearse on; resize it first.',
};

const SIMULATOR_IS_DOWN: ConsoleRefusal = {
  reason: 'simulator-down',
  detail:
    'The simulator is down, so nobody can tell what nodes serve; it is started again by itself, so rehearse in a moment.',
};
