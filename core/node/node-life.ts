import { addMicros, type Micros } from '../ports/clock.ts';
import { clearTimer, closeLink, type NodeCore, note, setTimer } from './node-core.ts';
import { type DiskLoad, NODE_TIMERS } from './node-events.ts';
import { startScrubbing } from './node-scrub.ts';
import { awaitWelcome } from './node-snapshots.ts';
import type { LinkPhase, ServingConfig } from './node-state.ts';

export function boot(node: NodeCore, delayUs: number, now: Micros): void {
  letGo(node);
  node.log.add(now, 'starting');
  setTimer(node, 'boot', addMicros(now, delayUs));
}

/** Ends as a process does: nothing in memory is kept. */
export function letGo(node: NodeCore): void {
  if (node.phase.kind === 'running') closeLink(node, node.phase.link, 'stopped');
  for (const timer of NODE_TIMERS) clearTimer(node, timer);
  node.phase = { kind: 'down' };
  node.failures = 0;
  node.deferrals = 0;
  node.storageFailures = 0;
  node.storeTrouble = null;
  node.isReadingStore = false;
  node.restate = false;
  node.welcomed = false;
  node.verifiedAt = null;
  node.told = null;
  node.lastPush = null;
  node.lastClose = null;
}

export function start(node: NodeCore, load: DiskLoad, connectAfterUs: number, now: Micros): void {
  if (node.phase.kind === 'running') return;
  const serving = loadServing(node, load, now);
  const retryAt = addMicros(now, connectAfterUs);
  const link: LinkPhase = { kind: 'waiting', since: now, retryAt };
  node.bootId = drawBootId(node, now);
  node.phase = {
    kind: 'running',
    serving,
    retiring: null,
    link,
    write: { kind: 'idle' },
    mending: null,
  };
  setTimer(node, 'retry', retryAt);
  awaitWelcome(node, now);
  startScrubbing(node, now);
}

const BOOT_ID_DRAWS = 0x4000_0000;

/** A fleet whose seed is fixed draws the same after it was started anew: the instant tells them apart. */
function drawBootId(node: NodeCore, now: Micros): number {
  return now + node.upkeepRandom.below(BOOT_ID_DRAWS);
}

function loadServing(node: NodeCore, load: DiskLoad, now: Micros): ServingConfig | null {
  if (load.kind === 'empty') {
    node.log.add(now, 'disk is empty, serving the built-in default');
    return null;
  }
  if (load.kind === 'damaged') return distrustDisk(node, load.detail, now);
  const { record } = load;
  const built = node.work.prepare(null, load.resources, []);
  if (!built.ok) return distrustDisk(node, built.error.detail, now);
  const { snapshot } = built.value;
  if (snapshot.hash !== record.hash) {
    return distrustDisk(node, `its content does not hash to r${record.revision}'s root`, now);
  }
  const { lineage, generation, revision, hash, verifiedAt } = record;
  node.verifiedAt = verifiedAt;
  node.log.add(now, `serving r${revision} from disk`);
  const statement = { lineage, generation, revision, hash, source: 'disk' } as const;
  return { statement, snapshot, since: now };
}

function distrustDisk(node: NodeCore, detail: string, now: Micros): null {
  note(node, `disk is damaged (${detail}), serving the built-in default`, now);
  return null;
}
