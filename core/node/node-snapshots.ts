import { addMicros, type Micros } from '../ports/clock.ts';
import type { SnapshotRead } from '../ports/snapshot-store.ts';
import type { SnapshotHeader } from '../protocol/snapshot-file.ts';
import { jitteredUs } from './backoff.ts';
import { whyNotTaken } from './judge-push.ts';
import { type NodeCore, note, setTimer } from './node-core.ts';
import { NODE_STORE_JITTER_PERCENT } from './node-limits.ts';
import type { RunningPhase, ServingConfig } from './node-state.ts';

/**
 * The second rung of the ladder: a node that has heard no welcome for some time reads the snapshot
 * store, now and then, for as long as that lasts. Requests never wait for it. While the control plane
 * is there, no timer runs.
 */
export function awaitWelcome(node: NodeCore, now: Micros): void {
  if (node.snapshots !== null) readAfter(node, node.snapshots.afterMs, now);
}

export function onStoreTimer(node: NodeCore, phase: RunningPhase, now: Micros): void {
  if (node.snapshots === null || phase.link.kind === 'open') return;
  // A store that has not answered is asked nothing more, or what is asked of it would pile up.
  if (!node.isReadingStore) node.out.push({ type: 'read-store' });
  node.isReadingStore = true;
  readAfter(node, node.snapshots.everyMs, now);
}

function readAfter(node: NodeCore, ms: number, now: Micros): void {
  setTimer(
    node,
    'store',
    addMicros(now, jitteredUs(node.upkeepRandom, ms, NODE_STORE_JITTER_PERCENT)),
  );
}

/**
 * What came after a welcome is late: the control plane says what is current. What comes while a push
 * is being written is older than it, or will be read again.
 */
export function onStoreRead(
  node: NodeCore,
  phase: RunningPhase,
  read: SnapshotRead,
  now: Micros,
): void {
  node.isReadingStore = false;
  if (phase.link.kind === 'open' || phase.write.kind === 'writing') return;
  switch (read.kind) {
    case 'found':
      take(node, phase, read, now);
      return;
    case 'empty':
      node.storeTrouble = null;
      return;
    case 'unreachable':
      storeTrouble(node, `the snapshot store cannot be read: ${read.detail}`, now);
      return;
    case 'damaged':
      storeTrouble(node, `what lies in the snapshot store is damaged: ${read.detail}`, now);
      return;
  }
}

function take(
  node: NodeCore,
  phase: RunningPhase,
  { header, resources }: Extract<SnapshotRead, { kind: 'found' }>,
  now: Micros,
): void {
  if (!isWanted(header, phase.serving)) {
    node.storeTrouble = null;
    return;
  }
  const { lineage, generation, revision, hash } = header;
  const built = node.work.prepare(null, resources, []);
  if (!built.ok) {
    storeTrouble(node, `r${revision} in the snapshot store is damaged: ${built.error.detail}`, now);
    return;
  }
  const { snapshot } = built.value;
  if (snapshot.hash !== hash) {
    storeTrouble(node, `r${revision} in the snapshot store does not hash to its root`, now);
    return;
  }
  const refusal = whyNotTaken(node.agent, built.value);
  if (refusal !== null) {
    storeTrouble(node, `r${revision} in the snapshot store is not for this node: ${refusal}`, now);
    return;
  }
  // When it was dumped says nothing of now: what is unverified stays so.
  const record = { lineage, generation, revision, hash, verifiedAt: node.verifiedAt };
  node.tokens += 1;
  const token = node.tokens;
  phase.write = {
    kind: 'writing',
    token,
    push: null,
    record,
    snapshot,
    next: null,
    isDoubtful: false,
  };
  node.out.push({ type: 'persist', token, record, snapshot });
}

/**
 * Never older than what is served, and never of a history that no operator told it to accept. The
 * same again only for a node whose memory is damaged.
 */
function isWanted(header: SnapshotHeader, serving: ServingConfig | null): boolean {
  if (serving === null) return true;
  const { lineage, generation, damaged } = serving.statement;
  if (lineage !== header.lineage) return header.supersedes.includes(lineage);
  return header.generation > generation || (damaged === true && header.generation === generation);
}

/** Said once, until it changes. */
export function storeTrouble(node: NodeCore, text: string, now: Micros): void {
  if (node.storeTrouble === text) return;
  node.storeTrouble = text;
  note(node, text, now);
}
