import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildDocuments } from '../../../core/config/build-documents.ts';
import { requiredFeatures } from '../../../core/gateway/features.ts';
import { type KnownKind, shapeOf } from '../../../core/gateway/kinds.ts';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import type { Shape } from '../../../core/gateway/shape.ts';
import { AGENT_OLDEST, AGENT_PREVIOUS } from '../../../core/node/agent-profiles.ts';
import type { Micros } from '../../../core/ports/clock.ts';

const KINDS_MD = readFileSync(new URL('../../../docs/KINDS.md', import.meta.url), 'utf8');
const SHOP = readFileSync(new URL('../../../examples/shop.yaml', import.meta.url), 'utf8');

test('[KIND1] every YAML block of docs/KINDS.md parses without problems', () => {
  const blocks = [...KINDS_MD.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  assert.equal(blocks.length, 5);
  for (const block of blocks) assert.deepEqual(parseConfig(block).problems, []);
});

test('[KIND2] a RequestSuite is known and kept, never hashed or pushed', () => {
  const parsed = parseConfig(SHOP);
  const suite = parsed.documents.find(({ kind }) => kind === 'RequestSuite') ?? assert.fail();
  assert.equal(suite.known, true);
  assert.equal(suite.pushed, false);
  const built = buildDocuments(parsed, { creationTimestampOf: () => null, now: 0 as Micros });
  const kept = built.documents.find(({ key }) => key === suite.key);
  assert.equal(kept?.contentHash, null);
  assert.equal(kept?.source, suite.source);
  assert.equal(built.manifest.has(suite.key), false);
  assert.equal(built.manifest.size, parsed.documents.length - 1);
});

test('[KIND3] every field of our own kinds says what it is for', () => {
  const kinds: KnownKind[] = ['TrafficPolicy', 'AuthPolicy', 'FeatureFlag', 'RequestSuite'];
  for (const kind of kinds) {
    const shape = shapeOf(kind);
    assert.ok(shape.type === 'object');
    const { spec } = shape.fields;
    assert.deepEqual(spec === undefined ? ['spec'] : undocumented(spec, kind), []);
  }
});

test('[KIND4] older agents take the plain policies, and not what came after them', () => {
  const uses = parseConfig(SHOP).documents.flatMap(({ body }) =>
    body === null ? [] : [...requiredFeatures(body).keys()],
  );
  for (const agent of [AGENT_OLDEST, AGENT_PREVIOUS]) {
    assert.deepEqual(
      uses.filter((feature) => !agent.features.has(feature)),
      [],
    );
    assert.equal(agent.features.has('HoldfastAuthPolicyJWT'), false);
    assert.equal(agent.features.has('GatewayListenerSet'), false);
  }
});

function undocumented(shape: Shape, path: string): string[] {
  if (shape.type === 'list') return undocumented(shape.item, `${path}[]`);
  if (shape.type !== 'object') return [];
  return Object.entries(shape.fields).flatMap(([name, field]) => [
    ...(field.doc === undefined ? [`${path}.${name}`] : []),
    ...undocumented(field, `${path}.${name}`),
  ]);
}
