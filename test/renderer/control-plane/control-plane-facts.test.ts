import assert from 'node:assert/strict';
import { test } from 'node:test';
import { micros } from '../../../core/ports/clock.ts';
import { linkFacts, sentFacts } from '../../../renderer/control-plane/control-plane-facts.ts';
import { describeLinkEnd } from '../../../renderer/fleet/describe-node.ts';
import { World } from '../../core/control-plane/world.ts';

test('[AGE5] links renewed at their age stand by themselves, and not among those that were closed for something', () => {
  const world = new World({ settings: { connectionAgeUs: 10_000_000 } });
  world.connect();
  world.advanceMs(11_001);
  world.open().sayRaw('{');
  assert.ok(world.now > micros(0));
  const facts = new Map(sentFacts(world.belief().load).map(({ label, value }) => [label, value]));
  assert.equal(facts.get('Connections renewed'), '1');
  assert.equal(facts.get('Connections closed'), '1');
  assert.equal(facts.get('  a message could not be read'), '1');
  assert.equal(
    [...facts.keys()].some((label) => label.includes('renewed,')),
    false,
  );
  const tones = sentFacts(world.belief().load).map((row) => row.tone);
  assert.deepEqual([...new Set(tones)], [undefined]);
  assert.equal(linkFacts(world.belief().load)[0]?.value, '0');
});

test('[AGE5] a link that ended at its age is told in words that alarm nobody', () => {
  assert.equal(describeLinkEnd('connection-age'), 'renewed, as every link is from time to time');
});
