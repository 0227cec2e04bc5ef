import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Generation, Lineage, Revision, RootHash } from '../../../core/config/ids.ts';
import { createMemoryConfigStore } from '../../../core/config/memory-config-store.ts';
import type { ServingStatement } from '../../../core/protocol/primitives.ts';
import { configText, type FakeNode, FOREIGN_LINEAGE, LINEAGE, nodeId, World } from './world.ts';

const ADOPT = { method: 'adopt-fleet', actor: 'operator' } as const;

/** A fleet that serves r1 … r4, and a store that only knows r1: an old backup was put back. */
function worldWithOldBackup(nodes = 2, lineage: Lineage = LINEAGE) {
  const before = new World({ nodes, lineage });
  const texts = [80, 81, 82, 83].map((port) => configText([port, 90], `# v${port}\n`));
  const fleet = Array.from({ length: nodes }, (_, i) => before.connect(nodeId(i)));
  for (const text of texts) {
    before.publish(text);
    before.advanceMs(200);
    for (const node of fleet) node.ack();
  }
  const world = new World({ nodes });
  if (lineage === LINEAGE) world.publish(texts[0] ?? '');
  world.advanceMs(200);
  return { world, fleet, newest: texts[3] ?? '' };
}

function join(world: World, former: FakeNode): FakeNode {
  const node = world.open(former.nodeId);
  node.snapshot = former.snapshot;
  node.hello({ serving: former.serving });
  return node;
}

function answerFetch(node: FakeNode, change: { text?: string; chunkChars?: number } = {}): void {
  const fetch = node.messages.find((message) => message.type === 'fetch-config');
  assert.ok(fetch?.type === 'fetch-config', 'the node was asked for its config');
  const bodies = [...node.snapshot.resources.values()].map(({ canonical }) => canonical);
  const text = change.text ?? `[${bodies.join(',')}]`;
  const size = change.chunkChars ?? 24_000;
  const chunks = Math.max(1, Math.ceil(text.length / size));
  for (let index = 0; index < chunks; index += 1) {
    node.say({
      type: 'config-chunk',
      requestId: fetch.requestId,
      index,
      chunks,
      serving: node.serving as ServingStatement,
      text: text.slice(index * size, (index + 1) * size),
    });
  }
}

test('[AHEAD1] a node ahead is welcomed, told what is current here, never pushed, and counted', () => {
  const { world, fleet } = worldWithOldBackup();
  const nodes = fleet.map((former) => join(world, former));
  for (const node of nodes) {
    node.heartbeat();
    assert.deepEqual(
      node.messages.map(({ type }) => type),
      ['welcome', 'current'],
    );
    assert.equal(node.pushes.length, 0);
  }
  assert.equal(world.belief().counts.ahead, 2);
  assert.equal(world.status().ahead, true);
  assert.equal(world.belief().counts.acknowledged, 0);
});

test('[AHEAD2] while a node is known to be ahead, publish and rollback are refused', () => {
  const { world, fleet } = worldWithOldBackup();
  const node = join(world, fleet[0] as FakeNode);
  const by = { message: 'test', actor: 'tester' };
  const publish = { method: 'publish', text: configText([1]), base: 1 as Revision, ...by } as const;
  assert.equal(world.refusal(publish).reason, 'fleet-ahead');
  const rollback = { method: 'rollback', to: 1 as Revision, ...by } as const;
  assert.equal(world.refusal(rollback).reason, 'fleet-ahead');
  node.vanish();
  assert.equal(world.refusal(publish).reason, 'fleet-ahead', 'going away changes nothing');
  world.advanceMs(1_000);
  world.restart();
  assert.equal(world.refusal(publish).reason, 'fleet-ahead', 'nor does a restart');
});

test('[ADOPT1] adopting publishes what the newest node serves, past what the fleet serves', () => {
  const { world, fleet, newest } = worldWithOldBackup(3);
  const [a, b, c] = fleet.map((former) => join(world, former));
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  assert.equal(world.ask({ ...ADOPT, headText: newest }), undefined, 'the answer follows');
  answerFetch(a, { chunkChars: 50 });
  const answer = world.lastAnswer();
  assert.ok(answer?.ok);
  const head = world.store.head();
  assert.ok(head !== null && head.rootHash === a.snapshot.hash);
  assert.equal(head.revision, 5);
  assert.equal(head.generation, 5);
  assert.deepEqual(head.origin, { kind: 'adopt', servedRevision: 4 });
  assert.ok('text' in answer.value && answer.value.text === newest, 'comments are kept');
  for (const node of [a, b, c]) {
    const { body } = node.lastPush;
    assert.ok(body.type === 'delta' && body.changed.length === 0, 'a relabel, not a config');
    node.ack();
  }
  assert.equal(world.belief().counts.ahead, 0);
  assert.equal(world.belief().counts.acknowledged, 3);
  world.publish(configText([7]));
});

test('[ADOPT2] without the text of the head, YAML is written from the bodies and holds the same', () => {
  const { world, fleet } = worldWithOldBackup();
  const node = join(world, fleet[0] as FakeNode);
  world.ask({ ...ADOPT, headText: null });
  answerFetch(node);
  const answer = world.lastAnswer();
  assert.ok(answer?.ok && 'text' in answer.value);
  node.ack();
  world.advanceMs(200);
  const commented = world.publish(`# ours again\n${answer.value.text}`);
  assert.equal(commented.record.rootHash, node.snapshot.hash);
});

test('[ADOPT3] a config that does not have the stated hash is not adopted', () => {
  const { world, fleet } = worldWithOldBackup();
  const node = join(world, fleet[0] as FakeNode);
  for (const text of ['[]', 'nonsense', '[{"kind":1}]']) {
    node.messages.length = 0;
    world.ask({ ...ADOPT, headText: null });
    answerFetch(node, { text });
    const answer = world.lastAnswer();
    assert.ok(answer !== undefined && !answer.ok);
    assert.equal(answer.error.reason, 'no-node-to-adopt-from');
  }
  assert.equal(world.store.head()?.revision, 1);
});

test('[ADOPT4] adoption ends when the node goes away, is silent, or sends out of order', () => {
  const { world, fleet } = worldWithOldBackup();
  const refusedWith = (act: (node: FakeNode) => void) => {
    const node = join(world, fleet[0] as FakeNode);
    assert.equal(world.ask({ ...ADOPT, headText: null }), undefined);
    act(node);
    const answer = world.lastAnswer();
    assert.ok(answer !== undefined && !answer.ok);
    return answer.error.reason;
  };
  const silent = (node: FakeNode) => {
    world.advanceMs(20_000);
    node.heartbeat();
    world.advanceMs(10_000);
  };
  const outOfOrder = (node: FakeNode) => {
    node.say({
      type: 'config-chunk',
      requestId: 3,
      index: 1,
      chunks: 2,
      serving: node.serving as ServingStatement,
      text: 'x',
    });
  };
  assert.equal(
    refusedWith((node) => node.vanish()),
    'no-node-to-adopt-from',
  );
  assert.equal(refusedWith(silent), 'no-node-to-adopt-from');
  assert.equal(refusedWith(outOfOrder), 'no-node-to-adopt-from');
});

test('[ADOPT5] with nobody ahead, or nobody ahead connected, adoption is refused', () => {
  const { world, fleet } = worldWithOldBackup();
  assert.equal(world.refusal({ ...ADOPT, headText: null }).reason, 'not-ahead');
  join(world, fleet[0] as FakeNode).vanish();
  assert.equal(world.refusal({ ...ADOPT, headText: null }).reason, 'no-node-to-adopt-from');
});

test('[ADOPT6] a foreign lineage is ahead until adoption supersedes it, and is told so', () => {
  const { world, fleet } = worldWithOldBackup(2, FOREIGN_LINEAGE);
  const [a, b] = fleet.map((former) => join(world, former));
  assert.ok(a !== undefined && b !== undefined);
  assert.equal(world.belief().counts.ahead, 2);
  world.ask({ ...ADOPT, headText: null });
  answerFetch(a);
  assert.ok(world.lastAnswer()?.ok);
  assert.deepEqual(world.store.superseded(), [FOREIGN_LINEAGE]);
  for (const node of [a, b]) {
    const welcome = node.messages.findLast((message) => message.type === 'welcome');
    assert.ok(welcome?.type === 'welcome');
    assert.deepEqual(welcome.supersedes, [FOREIGN_LINEAGE]);
    const { body } = node.lastPush;
    assert.ok(body.type === 'delta' && body.changed.length === 0);
    node.ack();
  }
  assert.equal(world.belief().counts.ahead, 0);
  assert.equal(world.belief().counts.acknowledged, 2);
});

test('[ADOPT6] a node of a superseded lineage with another content is sent full', () => {
  const store = createMemoryConfigStore({ lineage: LINEAGE });
  const at = 1 as never;
  store.changeInventory({
    add: [{ nodeId: nodeId(0), cell: 'cell-a', provisionedAt: at }],
    retire: [],
    actor: 'test',
    at,
  });
  store.supersede(FOREIGN_LINEAGE, 'test', at);
  const world = new World({ store });
  world.publish(configText([80]));
  const node = world.connect(nodeId(0), {
    serving: {
      lineage: FOREIGN_LINEAGE,
      generation: 1 as Generation,
      revision: 1 as Revision,
      hash: 'ee'.repeat(32) as RootHash,
      source: 'disk',
    },
  });
  assert.equal(node.lastPush.body.type, 'full');
});

test('[AHEAD3] a node on a branch that left this history is ahead, until an adoption decides', () => {
  // The fleet serves r2 … r4; the restored store has r1, and publishes an r2 and r3 of its own.
  const { world, fleet } = worldWithOldBackup(2);
  const [first, second] = fleet as [FakeNode, FakeNode];
  const branch = { ...first.serving, revision: 2, generation: 2 } as NonNullable<
    typeof first.serving
  >;
  world.publish(configText([7_777]));
  assert.notEqual(world.store.head()?.rootHash, branch.hash);
  first.serving = branch;
  second.serving = branch;
  const [a, b] = [join(world, first), join(world, second)];
  assert.equal(
    a.pushes.length + b.pushes.length,
    0,
    'nothing is pushed over what is not known here',
  );
  assert.equal(world.belief().counts.ahead, 2);
  assert.equal(world.convergence(2).reached, 0);
  const publish = { method: 'publish', text: configText([8_888]), base: 2 as Revision } as const;
  const by = { message: 'test', actor: 'tester' };
  assert.equal(world.refusal({ ...publish, ...by }).reason, 'fleet-ahead');
  world.ask({ ...ADOPT, headText: null });
  for (const node of [a, b])
    if (node.messages.some((m) => m.type === 'fetch-config')) answerFetch(node);
  assert.ok(world.lastAnswer()?.ok, JSON.stringify(world.lastAnswer()));
  assert.equal(world.belief().counts.ahead, 0);
  world.restart();
  assert.equal(world.belief().counts.ahead, 0, 'a restart remembers the adoption');
});
