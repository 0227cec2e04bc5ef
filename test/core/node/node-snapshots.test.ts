import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Generation, Lineage, Revision } from '../../../core/config/ids.ts';
import type { JsonObject } from '../../../core/gateway/json.ts';
import { AGENT_OLDEST, type AgentProfile } from '../../../core/node/agent-profiles.ts';
import { isAhead } from '../../../core/node/inspect-node.ts';
import type { DiskLoad, NodeEffect, NodeTimer } from '../../../core/node/node-events.ts';
import { NODE_STORE_TIMING } from '../../../core/node/node-limits.ts';
import { micros } from '../../../core/ports/clock.ts';
import type { SnapshotRead } from '../../../core/ports/snapshot-store.ts';
import type { SnapshotHeader } from '../../../core/protocol/snapshot-file.ts';
import {
  corsRoute,
  delta,
  full,
  hashOfBodies,
  kindsOf,
  LINEAGE_A,
  LINEAGE_B,
  NodeHarness,
  onDisk,
  sent,
  service,
} from './node-harness.ts';

const CART = service('cart');
const CHECKOUT = service('checkout');
const US_PER_MS = 1_000;

function snapshot(
  revision: number,
  bodies: readonly JsonObject[],
  changes: Partial<SnapshotHeader> = {},
): Extract<SnapshotRead, { kind: 'found' }> {
  return {
    kind: 'found',
    header: {
      lineage: LINEAGE_A,
      supersedes: [],
      generation: revision as Generation,
      revision: revision as Revision,
      hash: hashOfBodies(bodies),
      dumpedAtMs: 0,
      resources: bodies.length,
      bytes: 0,
      ...changes,
    },
    resources: bodies,
  };
}

/** A node with a snapshot store, booted from a disk. */
function booted(load: DiskLoad = { kind: 'empty' }, agent?: AgentProfile, seed = 7): NodeHarness {
  const harness = new NodeHarness(agent, seed, NODE_STORE_TIMING);
  harness.boot(load);
  return harness;
}

/** Reads at its time; gives what reading this brought about. */
function reads(harness: NodeHarness, read: SnapshotRead): NodeEffect[] {
  const asked = harness.fire('store');
  assert.ok(kindsOf(asked).includes('read-store'));
  return harness.event({ type: 'store-read', read });
}

function takes(harness: NodeHarness, read: SnapshotRead): NodeEffect[] {
  return harness.persisted(reads(harness, read));
}

function servingOf(harness: NodeHarness) {
  const statement = harness.node.serving?.statement;
  return statement === undefined ? null : `r${statement.revision} ${statement.source}`;
}

function msUntil(harness: NodeHarness, timer: NodeTimer): number | null {
  const at = harness.timers.get(timer);
  return at === undefined ? null : (at - harness.now) / US_PER_MS;
}

function notesOf(effects: readonly NodeEffect[]): string[] {
  return effects.flatMap((effect) => (effect.type === 'note' ? [effect.text] : []));
}

test('[SOURCE1] the disk is served at once; the store is read 5 s later, then every 30 s, both ± 20 %', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const harness = booted(onDisk([CART], 3), undefined, seed);
      assert.equal(servingOf(harness), 'r3 disk');
      const first = msUntil(harness, 'store') ?? 0;
      assert.ok(first >= 4_000 && first <= 6_000, `${first}`);
      for (let i = 0; i < 3; i += 1) {
        assert.deepEqual(
          kindsOf(harness.fire('store')).filter((kind) => kind === 'read-store'),
          ['read-store'],
        );
        harness.event({ type: 'store-read', read: { kind: 'empty' } });
        const next = msUntil(harness, 'store') ?? 0;
        assert.ok(next >= 24_000 && next <= 36_000, `${next}`);
      }
    }),
    { numRuns: 50 },
  );
});

test('[SOURCE1] connected, no timer of it runs; it counts from when the link was lost, tries or no tries', () => {
  const harness = booted();
  assert.notEqual(msUntil(harness, 'store'), null);
  harness.connect();
  assert.equal(msUntil(harness, 'store'), null);
  harness.advanceMs(60_000);
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'ECONNRESET' });
  const due = harness.timers.get('store');
  assert.ok(due !== undefined && due - harness.now <= 6_000 * US_PER_MS);
  harness.fire('retry');
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'ECONNREFUSED' });
  harness.open();
  harness.frame({ type: 'retry-later', afterMs: 100, reason: 'handshakes-full' });
  assert.equal(harness.timers.get('store'), due);
  harness.connect();
  assert.equal(msUntil(harness, 'store'), null);
});

test('[SOURCE1] who has not been answered by the store asks it nothing more', () => {
  const harness = booted(onDisk([CART], 3));
  const asks = () => kindsOf(harness.fire('store')).filter((kind) => kind === 'read-store').length;
  assert.deepEqual([asks(), asks(), asks()], [1, 0, 0]);
  harness.event({ type: 'store-read', read: { kind: 'empty' } });
  assert.deepEqual([asks(), asks()], [1, 0]);
  harness.boot(onDisk([CART], 3));
  assert.equal(asks(), 1, 'a new process has asked nothing yet');
  harness.connect();
  harness.event({ type: 'store-read', read: { kind: 'empty' } });
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  assert.equal(asks(), 1, 'an answer that came too late is one');
});

test('[SOURCE1] a node that has no snapshot store reads none', () => {
  const harness = new NodeHarness();
  harness.boot();
  assert.equal(msUntil(harness, 'store'), null);
  harness.connect();
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  assert.equal(msUntil(harness, 'store'), null);
});

test('[SOURCE2] a node that has nothing takes what it finds, from a control plane that never was up', () => {
  const harness = booted();
  takes(harness, snapshot(5, [CART, CHECKOUT]));
  assert.equal(servingOf(harness), 'r5 snapshot-store');
  assert.equal(harness.node.serving?.snapshot.hash, hashOfBodies([CART, CHECKOUT]));
});

test('[SOURCE2] of the same lineage it takes a greater generation alone, never the same or an older one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (held, found) => {
      const harness = booted(onDisk([CART], held));
      const effects = reads(harness, snapshot(found, [CHECKOUT]));
      assert.equal(kindsOf(effects).includes('persist'), found > held);
      if (found > held) harness.persisted(effects);
      assert.equal(harness.node.serving?.statement.generation, Math.max(held, found));
    }),
  );
});

test('[SOURCE2] of another lineage it takes what supersedes its own, whatever the generation, and nothing else', () => {
  const foreign = snapshot(2, [CHECKOUT], { lineage: LINEAGE_B });
  const harness = booted(onDisk([CART], 7));
  assert.deepEqual(reads(harness, foreign), []);
  assert.equal(servingOf(harness), 'r7 disk');
  const supersedes: Lineage[] = [LINEAGE_A];
  takes(harness, snapshot(2, [CHECKOUT], { lineage: LINEAGE_B, supersedes }));
  assert.equal(servingOf(harness), 'r2 snapshot-store');
  assert.equal(harness.node.serving?.statement.lineage, LINEAGE_B);
});

test('[SOURCE2] the same generation again mends a node whose memory is damaged', () => {
  const harness = booted(onDisk([CART], 7));
  const { phase } = harness.node;
  assert.ok(phase.kind === 'running' && phase.serving !== null);
  const hash = hashOfBodies([CHECKOUT]);
  const statement = { ...phase.serving.statement, hash, damaged: true } as const;
  phase.serving = { ...phase.serving, statement };
  assert.deepEqual(reads(harness, snapshot(6, [CART])), []);
  takes(harness, snapshot(7, [CART]));
  assert.deepEqual(harness.node.serving?.statement, {
    lineage: LINEAGE_A,
    generation: 7,
    revision: 7,
    hash: hashOfBodies([CART]),
    source: 'snapshot-store',
  });
});

test('[SOURCE3] what does not hash to its root, or cannot be built, changes nothing and is said once', () => {
  for (const bad of [
    snapshot(9, [CHECKOUT], { hash: hashOfBodies([CART]) }),
    { ...snapshot(9, [CHECKOUT]), resources: [{ kind: 'Service' }] },
    { kind: 'damaged', detail: 'its header is not what was sealed' },
    { kind: 'unreachable', detail: 'EACCES' },
  ] as const) {
    const harness = booted(onDisk([CART], 7));
    const [said, ...others] = notesOf(reads(harness, bad));
    assert.deepEqual(others, []);
    assert.match(said ?? '', /snapshot store/);
    assert.equal(servingOf(harness), 'r7 disk');
    for (let i = 0; i < 3; i += 1) assert.deepEqual(notesOf(reads(harness, bad)), []);
    // Once it was well in between, it is news again.
    for (const well of [snapshot(7, [CART]), { kind: 'empty' } as const]) {
      reads(harness, well);
      assert.deepEqual(notesOf(reads(harness, bad)), [said]);
    }
    takes(harness, snapshot(8, [CART]));
    assert.deepEqual(notesOf(reads(harness, bad)), [said]);
    harness.boot(onDisk([CART], 7));
    assert.deepEqual(notesOf(reads(harness, bad)), [said], 'and to a new process');
  }
});

test('[SOURCE3] a snapshot that this agent lacks a feature for is not taken, with the resource named', () => {
  const harness = booted(onDisk([CART], 7), AGENT_OLDEST);
  const [said] = notesOf(reads(harness, snapshot(8, [CART, corsRoute('checkout')])));
  assert.match(
    said ?? '',
    /^r8 in the snapshot store is not for this node: shop\/checkout uses the /,
  );
  assert.equal(servingOf(harness), 'r7 disk');
  assert.equal(harness.node.lastPush, null);
});

test('[SOURCE4] it is on disk before it is served, and hello says where it is from', () => {
  const harness = booted();
  const effects = reads(harness, snapshot(5, [CART]));
  assert.deepEqual(kindsOf(effects), ['persist']);
  assert.equal(servingOf(harness), null);
  harness.persisted(effects);
  assert.equal(servingOf(harness), 'r5 snapshot-store');
  const [hello] = sent(harness.open());
  assert.ok(hello?.type === 'hello');
  assert.equal(hello.serving?.source, 'snapshot-store');
  assert.equal(hello.serving?.revision, 5);
});

test('[SOURCE4] a disk that does not take it: it serves on, says so once, and tries with the next reading', () => {
  const harness = booted(onDisk([CART], 3));
  const said = notesOf(harness.persisted(reads(harness, snapshot(5, [CHECKOUT])), false));
  assert.deepEqual(said, ['the config from the snapshot store could not be written to disk']);
  assert.equal(servingOf(harness), 'r3 disk');
  const again = harness.persisted(reads(harness, snapshot(5, [CHECKOUT])), false);
  assert.deepEqual(notesOf(again), []);
  takes(harness, snapshot(5, [CHECKOUT]));
  assert.equal(servingOf(harness), 'r5 snapshot-store');
});

test('[SOURCE5] a snapshot verifies nothing: the unverified time runs on, also over a restart', () => {
  const harness = booted(onDisk([CART], 3));
  const verifiedAt = micros(500_000_000);
  const effects = reads(harness, snapshot(5, [CHECKOUT]));
  const persist = effects.find(({ type }) => type === 'persist');
  assert.ok(persist?.type === 'persist');
  assert.equal(persist.record.verifiedAt, verifiedAt);
  harness.persisted(effects);
  assert.equal(harness.node.verifiedAt, verifiedAt);
  const { record } = persist;
  harness.boot({ kind: 'found', record, resources: [CHECKOUT] });
  assert.equal(servingOf(harness), 'r5 disk');
  assert.equal(harness.node.verifiedAt, verifiedAt);
  harness.connect();
  assert.equal(harness.node.verifiedAt, harness.now);
  harness.boot();
  assert.equal(harness.node.verifiedAt, null, 'without its disk it knows nothing of that');
});

test('[SOURCE5] a node that never heard from a control plane was never verified', () => {
  const harness = booted();
  const effects = reads(harness, snapshot(5, [CART]));
  const persist = effects.find(({ type }) => type === 'persist');
  assert.ok(persist?.type === 'persist');
  assert.equal(persist.record.verifiedAt, null);
  harness.persisted(effects);
  assert.equal(harness.node.verifiedAt, null);
  harness.boot({ kind: 'found', record: persist.record, resources: [CART] });
  assert.equal(servingOf(harness), 'r5 disk');
  assert.equal(harness.node.verifiedAt, null);
});

test('[SOURCE6] what is read before a welcome and comes after it is ignored', () => {
  const harness = booted(onDisk([CART], 3));
  harness.fire('store');
  harness.connect();
  const read = snapshot(5, [CHECKOUT]);
  assert.deepEqual(harness.event({ type: 'store-read', read }), []);
  assert.equal(servingOf(harness), 'r3 disk');
});

test('[SOURCE6] a control plane that opens links and never says welcome does not stand in the way', () => {
  const harness = booted(onDisk([CART], 3));
  harness.open();
  takes(harness, snapshot(5, [CHECKOUT]));
  assert.equal(servingOf(harness), 'r5 snapshot-store');
  // Hello stated the disk's; as soon as somebody listens it is put right.
  const [beat] = sent(harness.welcome({ generation: 5 }));
  assert.ok(beat?.type === 'heartbeat');
  assert.equal(beat.serving?.source, 'snapshot-store');
});

test('[SOURCE6] what is read while a push is being written is ignored', () => {
  const harness = booted(onDisk([CART], 3));
  harness.connect();
  const { effects } = harness.push(full(6, [CART, CHECKOUT]));
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  assert.deepEqual(reads(harness, snapshot(5, [CHECKOUT])), []);
  assert.deepEqual(reads(harness, snapshot(7, [CHECKOUT])), []);
  harness.persisted(effects);
  assert.equal(servingOf(harness), 'r6 control-plane');
});

test('[SOURCE6] a push that comes while a snapshot is being written is judged after it: the greater generation wins', () => {
  for (const [found, pushed, served] of [
    [5, 6, 'r6 control-plane'],
    [6, 6, 'r6 snapshot-store'],
    [7, 6, 'r7 snapshot-store'],
  ] as const) {
    const harness = booted(onDisk([CART], 3));
    const effects = reads(harness, snapshot(found, [CHECKOUT]));
    harness.connect({ generation: pushed });
    const push = harness.push(full(pushed, [CHECKOUT]));
    assert.deepEqual(push.effects, []);
    const after = harness.persisted(effects);
    const [beat, answer] = sent(after);
    assert.equal(beat?.type, 'heartbeat');
    assert.equal(servingOf(harness), `r${found} snapshot-store`);
    if (found < pushed) harness.persisted(after);
    else assert.equal(answer?.type, found === pushed ? 'ack' : 'nack');
    assert.equal(servingOf(harness), served);
    assert.equal(isAhead(harness.node), found > pushed);
  }
});

test('[SOURCE6] a delta whose basis the snapshot has replaced is refused, so that a full push follows', () => {
  const harness = booted(onDisk([CART], 3));
  const effects = reads(harness, snapshot(5, [CHECKOUT]));
  harness.connect({ generation: 6 });
  harness.push(delta(3, 6, [CART, CHECKOUT], [CHECKOUT]));
  const [, nack] = sent(harness.persisted(effects));
  assert.ok(nack?.type === 'nack' && nack.reason === 'hash-mismatch');
  harness.apply(full(6, [CART, CHECKOUT]));
  assert.equal(servingOf(harness), 'r6 control-plane');
});

test('[SOURCE7] with an empty disk and an empty store the built-in default is served', () => {
  const harness = booted();
  assert.deepEqual(reads(harness, { kind: 'empty' }), []);
  assert.equal(harness.node.serving, null);
  assert.notEqual(msUntil(harness, 'store'), null);
});

test('[SOURCE7] a damaged disk does not keep a node from the store', () => {
  const harness = booted({ kind: 'damaged', detail: 'torn' });
  takes(harness, snapshot(5, [CART]));
  assert.equal(servingOf(harness), 'r5 snapshot-store');
});

test('[SOURCE8] a node that serves what the store has is not ahead of the control plane that put it there', () => {
  const harness = booted(onDisk([CART], 3));
  harness.connect({ generation: 3 });
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  takes(harness, snapshot(4, [CHECKOUT]));
  assert.equal(isAhead(harness.node), false);
  // Until one comes back that does not know of it: an old backup was put in its place.
  harness.connect({ generation: 3 });
  assert.equal(isAhead(harness.node), true);
  const { effects } = harness.push(full(3, [CART]));
  const [nack] = sent(effects);
  assert.ok(nack?.type === 'nack' && nack.reason === 'older-generation');
  assert.equal(servingOf(harness), 'r4 snapshot-store');
});

test('[SOURCE8] what is served after an older control plane said welcome is ahead of it at once', () => {
  const harness = booted(onDisk([CART], 3));
  const effects = reads(harness, snapshot(5, [CHECKOUT]));
  harness.connect({ generation: 3 });
  harness.persisted(effects);
  assert.equal(servingOf(harness), 'r5 snapshot-store');
  assert.equal(isAhead(harness.node), true);
});

test('[SOURCE1] a restart forgets what was read for the life before, and begins its wait anew', () => {
  const harness = booted();
  harness.fire('store');
  harness.event({ type: 'boot', delayUs: 1_000 });
  assert.equal(msUntil(harness, 'store'), null);
  assert.deepEqual(harness.event({ type: 'store-read', read: snapshot(5, [CART]) }), []);
  harness.fire('boot');
  harness.event({ type: 'disk-read', load: { kind: 'empty' }, connectAfterUs: 0 });
  assert.ok((msUntil(harness, 'store') ?? 0) >= 4_000);
});
