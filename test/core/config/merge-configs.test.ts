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

const keyOf = (name: string) => `Service/default/${name}` as ResourceKey;

test('[MERGE5] a resource that was lost comes back next to the neighbour that it had', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => service(name, 1)) as [
    string,
    string,
    string,
    string,
  ];
  const from = joinDocuments([a, b, c]);
  const restored = (draft: string, ...names: string[]) => {
    const text = restoreResources(draft, from, names.map(keyOf));
    return text.ok
      ? keysOf(text.value)
          .map((key) => key.at(-1))
          .join('')
      : text.error;
  };
  assert.equal(restored(joinDocuments([a, d, c]), 'b'), 'abdc');
  assert.equal(restored(joinDocuments([d, b, c]), 'a'), 'dabc');
  assert.equal(restored(joinDocuments([a, d]), 'b', 'c'), 'abcd');
  assert.equal(restored(d, 'b'), 'db');
  assert.equal(restored(joinDocuments([a, b, c, d]), 'd'), 'abc');
  fc.assert(
    fc.property(services, fc.subarray(['a', 'b', 'c', 'd', 'e', 'f']), (whole, gone) => {
      const lost = restoreResources(whole, '', gone.map(keyOf));
      assert.ok(lost.ok);
      const back = restoreResources(lost.value, whole, gone.map(keyOf));
      assert.ok(back.ok);
      assert.deepEqual([...sourcesOf(back.value)], [...sourcesOf(whole)]);
    }),
  );
});

test('[MERGE6] kinds that are not known are merged and restored like all others', () => {
  const other = (note: string) =>
    `apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {note: ${note}}\n`;
  const base = joinDocuments([service('a', 1), other('old')]);
  const { text, changed } = merge(base, other('new'), 'merge');
  assert.equal(text, joinDocuments([service('a', 1), other('new')]));
  assert.deepEqual(restoreResources(text, base, changed), { ok: true, value: base });
});

test('[MERGE7] a resource that stands twice is neither restored nor merged into, and is named', () => {
  const twice = joinDocuments([service('a', 1), service('b', 1), service('a', 2)]);
  for (const [draft, from] of [
    [twice, service('a', 3)],
    [service('a', 3), twice],
  ] as const) {
    const refused = restoreResources(draft, from, [keyOf('a')]);
    assert.ok(!refused.ok);
    assert.match(
      refused.error,
      /^Service\/default\/a stands twice in the (draft|revision), at lines 1 and 17/,
    );
  }
  assert.ok(restoreResources(twice, service('b', 3), [keyOf('b')]).ok);
  assert.ok(!mergeConfigs(twice, service('a', 3), 'merge').ok);
  assert.ok(mergeConfigs(twice, service('b', 3), 'merge').ok);
});
