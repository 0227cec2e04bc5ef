import type { RootHash } from '../config/ids.ts';
import { addMicros, MICROS_PER_MS, type Micros } from '../ports/clock.ts';
import { jitteredUs } from './backoff.ts';
import { type NodeCore, note, setTimer } from './node-core.ts';
import type { DiskLoad } from './node-events.ts';
import { NODE_SCRUB_JITTER_PERCENT } from './node-limits.ts';
import { heartbeat } from './node-links.ts';
import { serve } from './node-serving.ts';
import type { RunningPhase, ServingConfig } from './node-state.ts';

/** The first scrub falls anywhere in the period, or nodes that started together would scrub as one. */
export function startScrubbing(node: NodeCore, now: Micros): void {
  const firstUs = 1 + node.upkeepRandom.below(node.scrubPeriodMs * MICROS_PER_MS);
  setTimer(node, 'scrub', addMicros(now, firstUs));
}

export function onScrubTimer(node: NodeCore, phase: RunningPhase, now: Micros): void {
  const { upkeepRandom, scrubPeriodMs } = node;
  const nextUs = jitteredUs(upkeepRandom, scrubPeriodMs, NODE_SCRUB_JITTER_PERCENT);
  setTimer(node, 'scrub', addMicros(now, nextUs));
  scrub(node, phase, now);
}

/**
 * Recomputes the root hash of what is served from its bodies. When it is not the stated one, the node
 * serves on: the own disk is read anew for what it ought to be.
 */
export function scrub(node: NodeCore, phase: RunningPhase, now: Micros): void {
  const { serving } = phase;
  // What is known to be damaged is stated so until a push replaces it.
  if (serving === null || serving.statement.damaged === true) return;
  const mismatch = node.work.scrub(serving.snapshot);
  if (mismatch === null) return;
  const { revision } = serving.statement;
  const found = mismatch.hash.slice(0, 12);
  note(node, `memory is damaged: r${revision} hashes to ${found}; reading the disk anew`, now);
  node.tokens += 1;
  if (phase.write.kind === 'writing') phase.write.isDoubtful = true;
  phase.mending = { token: node.tokens, serving, hash: mismatch.hash };
  node.out.push({ type: 'reread-disk', token: node.tokens });
}

/** Takes what the disk holds if it is the very config that is stated; else says what is served. */
export function onDiskReread(
  node: NodeCore,
  phase: RunningPhase,
  { token, load }: { readonly token: number; readonly load: DiskLoad },
  now: Micros,
): void {
  const { mending } = phase;
  if (mending === null || mending.token !== token) return;
  phase.mending = null;
  const { serving, hash } = mending;
  // Replaced meanwhile, by what was looked at before it was served.
  if (phase.serving !== serving) return;
  const mended = fromDisk(node, serving, load, now);
  if (mended !== null) {
    serve(phase, mended, now);
    node.log.add(now, `serving r${mended.statement.revision} from disk, sound again`);
    return;
  }
  node.log.add(now, 'the disk does not hold it either: asking the control plane');
  stateDamage(node, phase, serving, hash, now);
}

function fromDisk(
  node: NodeCore,
  { statement }: ServingConfig,
  load: DiskLoad,
  now: Micros,
): ServingConfig | null {
  if (load.kind !== 'found') return null;
  const { lineage, generation, hash } = load.record;
  const isSame =
    lineage === statement.lineage && generation === statement.generation && hash === statement.hash;
  if (!isSame) return null;
  const built = node.work.prepare(null, load.resources, []);
  if (!built.ok || built.value.snapshot.hash !== hash) return null;
  return {
    statement: { ...statement, source: 'disk' },
    snapshot: built.value.snapshot,
    since: now,
  };
}

/** Said at once: the control plane answers a word that is not the target's with a push. */
function stateDamage(
  node: NodeCore,
  phase: RunningPhase,
  serving: ServingConfig,
  hash: RootHash,
  now: Micros,
): void {
  const statement = { ...serving.statement, hash, damaged: true } as const;
  phase.serving = { ...serving, statement, snapshot: { ...serving.snapshot, hash } };
  if (phase.link.kind === 'open') heartbeat(node, phase, phase.link, now);
  else node.restate = true;
}
