import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ResourceKey } from '../../../core/config/ids.ts';
import { mergeConfigs, restoreResources } from '../../../core/config/merge-configs.ts';
import { joinDocuments, parseConfig } from '../../../core/gateway/parse-config.ts';

const service = (name: string, port: number, note = '') =>
  `${note}apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  ports:\n    - port: ${port} # kept\n`;

const services = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      port: fc.integer({ min: 1, max: 4 }),
      note: fc.constantFrom('', '# one\n', '# one\n# two\n\n'),
      feed: fc.boolean(),
    }),
    { selector: ({ name }) => name },
  )
  .map((all) =>
    joinDocuments(
      all.map(({ name, port, note, feed }) => {
        const source = service(name, port, note);
        return feed ? source : source.trimEnd();
      }),
    ),
  );

const sourcesOf = (text: string) =>
  new Map(parseConfig(text).documents.map(({ key, source }) => [key, source.trimEnd()]));
const keysOf = (text: string) => [...sourcesOf(text).keys()];

function merge(base: string, incoming: string, mode: 'merge' | 'replace') {
  const merged = mergeConfigs(base, incoming, mode);
  return merged.ok ? merged.value : assert.fail(merged.error);
}

test('[MERGE1] by merge each incoming document takes its place, and the others stay as they are', () => {
  fc.assert(
    fc.property(services, services, (base, incoming) => {
      const { text, added, changed, same, kept, removed } = merge(base, incoming, 'merge');
      const [before, given, after] = [sourcesOf(base), sourcesOf(incoming), sourcesOf(text)];
      assert.deepEqual([...after.keys()], [...before.keys(), ...added], 'the order is kept');
      for (const [key, source] of after) assert.equal(source, given.get(key) ?? before.get(key));
      assert.deepEqual([...added, ...changed, ...same].sort(), [...given.keys()].sort());
      assert.deepEqual([...kept, ...changed, ...same].sort(), [...before.keys()].sort());
      assert.deepEqual(removed, []);
      if (added.length === 0 && changed.length === 0) assert.equal(text, base);
    }),
  );
});

test('[MERGE2] by replace the incoming text is the result, and what goes is named', () => {
  fc.assert(
    fc.property(services, services, (base, incoming) => {
      const { text, removed, kept } = merge(base, incoming, 'replace');
      assert.equal(text, incoming);
      assert.deepEqual(kept, []);
      assert.deepEqual(
        removed,
        keysOf(base).filter((key) => !keysOf(incoming).includes(key)),
      );
    }),
  );
});

test('[MERGE3] what cannot be read or stands twice is refused by name', () => {
  const twice = joinDocuments([service('a', 1), service('b', 1), service('a', 2)]);
  const refused = mergeConfigs('', twice, 'merge');
  assert.deepEqual(refused, {
    ok: false,
    error:
      'Service/default/a stands twice in what is to be imported, at lines 1 and 17; remove one.',
  });
  const broken = mergeConfigs('', joinDocuments([service('a', 1), 'kind: [\n']), 'replace');
  assert.ok(!broken.ok && broken.error.startsWith('The document at line 9 cannot be imported: '));
  assert.ok(!mergeConfigs('', 'a\u0000b', 'merge').ok);
});

test('[MERGE4] a restored resource is as it was, and nothing else changes', () => {
  const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'));
  fc.assert(
    fc.property(services, services, keys, (draft, from, names) => {
      const wanted = names.map((name) => `Service/default/${name}` as ResourceKey);
      const restored = restoreResources(draft, from, wanted);
      assert.ok(restored.ok);
      const [before, old, after] = [sourcesOf(draft), sourcesOf(from), sourcesOf(restored.value)];
      for (const key of wanted) assert.equal(after.get(key), old.get(key));
      for (const [key, source] of before) {
        if (!wanted.includes(key)) assert.equal(after.get(key), source);
      }
      for (const key of after.keys()) assert.ok(before.has(key) || wanted.includes(key));
      assert.deepEqual(restoreResources(draft, draft, wanted), { ok: true, value: draft });
    }),
  );
});
