import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinDocuments, parseConfig } from '../../../core/gateway/parse-config.ts';
import { overlappingKeys, rebaseDraft } from '../../../renderer/workers/rebase-draft.ts';

function service(name: string, port: number, comment = ''): string {
  return `${comment}apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec:
  ports: [{port: ${port}}]
`;
}

function text(services: Readonly<Record<string, number>>): string {
  return joinDocuments(Object.entries(services).map(([name, port]) => service(name, port)));
}

function rebase(base: string, head: string, draft: string) {
  return rebaseDraft(parseConfig(base), parseConfig(head), parseConfig(draft));
}

test('[UIREBASE1] changes of other resources are put onto the new head', () => {
  const outcome = rebase(
    text({ a: 1, b: 1, c: 1 }),
    text({ a: 2, b: 1, c: 1, d: 1 }),
    text({ a: 1, b: 3, e: 1 }),
  );
  assert.ok(outcome.ok);
  assert.equal(outcome.text, text({ a: 2, b: 3, e: 1, d: 1 }));
});

test('[UIREBASE2] what both sides changed differently is named, and nothing is merged', () => {
  const outcome = rebase(text({ a: 1, b: 1 }), text({ a: 2, b: 1 }), text({ a: 3, b: 1 }));
  assert.deepEqual(outcome, { ok: false, reason: 'overlap', keys: ['Service/shop/a'] });
});

test('[UIREBASE3] removing what the other side changed is an overlap', () => {
  const outcome = rebase(text({ a: 1, b: 1 }), text({ a: 2, b: 1 }), text({ b: 1 }));
  assert.deepEqual(outcome, { ok: false, reason: 'overlap', keys: ['Service/shop/a'] });
});

test('[UIREBASE4] the same change on both sides is no overlap', () => {
  const outcome = rebase(text({ a: 1 }), text({ a: 2 }), text({ a: 2 }));
  assert.ok(outcome.ok);
  assert.equal(outcome.text, text({ a: 2 }));
});

test('[UIREBASE5] a document that stopped being the last one did not change by that', () => {
  const base = text({ a: 1 }).trimEnd();
  const keys = overlappingKeys(
    parseConfig(base),
    parseConfig(joinDocuments([base, service('b', 1)])),
    parseConfig(joinDocuments([base, service('c', 1)])),
  );
  assert.deepEqual(keys, []);
});

test('[UIREBASE6] comments of the draft are kept', () => {
  const outcome = rebase(
    text({ a: 1, b: 1 }),
    text({ a: 2, b: 1 }),
    joinDocuments([service('a', 1), service('b', 1, '# why b listens here\n')]),
  );
  assert.ok(outcome.ok);
  assert.match(outcome.text, /# why b listens here/);
});

test('[UIREBASE7] a doubled or unreadable document stops it', () => {
  const outcome = rebase(text({ a: 1 }), text({ a: 2 }), `${text({ b: 1 })}---\n${text({ b: 2 })}`);
  assert.deepEqual(outcome, { ok: false, reason: 'unreadable', keys: ['Service/shop/b'] });
});

const config = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  fc.integer({ min: 1, max: 3 }),
  {
    noNullPrototype: true,
  },
);

test('[UIREBASE8] for any three texts: a merge holds head where only head changed, draft where only the draft did', () => {
  fc.assert(
    fc.property(config, config, config, (base, head, draft) => {
      const outcome = rebase(text(base), text(head), text(draft));
      const names = new Set([base, head, draft].flatMap((each) => Object.keys(each)));
      const clash = [...names].some(
        (name) =>
          head[name] !== base[name] && draft[name] !== base[name] && head[name] !== draft[name],
      );
      assert.equal(outcome.ok, !clash);
      if (!outcome.ok) return;
      const merged = parseConfig(outcome.text);
      const held = new Map(merged.documents.map((document) => [document.name, document.source]));
      for (const name of names) {
        const wanted = head[name] === base[name] ? draft[name] : head[name];
        assert.equal(held.has(name), wanted !== undefined);
        if (wanted !== undefined) assert.match(held.get(name) ?? '', new RegExp(`port: ${wanted}`));
      }
      assert.equal(held.size, merged.documents.length);
    }),
  );
});
