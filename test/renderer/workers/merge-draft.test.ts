import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinDocuments, parseConfig } from '../../../core/gateway/parse-config.ts';
import {
  findConflicts,
  mergeDraft,
  overlappingKeys,
} from '../../../renderer/workers/merge-draft.ts';

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
  return mergeDraft(parseConfig(base), parseConfig(head), parseConfig(draft));
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

function two(head: string, tail: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop, labels: {side: ${head}}}
spec:
  ports: [{port: ${tail}}]
`;
}

test('[UIWORK22] where no field was changed by both, both changes can be kept', () => {
  const [base, head, draft] = [two('none', '1'), two('theirs', '1'), two('none', '2')].map((one) =>
    parseConfig(one),
  );
  assert.ok(base !== undefined && head !== undefined && draft !== undefined);
  const [conflict] = findConflicts(base, head, draft);
  assert.equal(conflict?.separable, true);
  const merged = mergeDraft(base, head, draft, { 'Service/shop/a': 'both' });
  assert.ok(merged.ok);
  assert.equal(merged.text, two('theirs', '2'));
});

test('[UIWORK23] of a field that both changed, the choice decides', () => {
  const [base, head, draft] = [two('none', '1'), two('none', '2'), two('none', '3')].map((one) =>
    parseConfig(one),
  );
  assert.ok(base !== undefined && head !== undefined && draft !== undefined);
  assert.equal(findConflicts(base, head, draft)[0]?.separable, false);
  const key = 'Service/shop/a';
  const mine = mergeDraft(base, head, draft, { [key]: 'mine' });
  const theirs = mergeDraft(base, head, draft, { [key]: 'theirs' });
  assert.ok(mine.ok && theirs.ok);
  assert.equal(mine.text, two('none', '3'));
  assert.equal(theirs.text, two('none', '2'));
  assert.ok(!mergeDraft(base, head, draft, { [key]: 'both' }).ok);
});

test('[UIWORK30] keeping both leaves the comments of what is not touched, and names what clashes', () => {
  const text = (first: number, second: number, more = '') => `apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec:
  ports:
    # The shop's own.
    - name: web # as ever
      port: ${first}
    # For the pages of metrics.
    - name: metrics
      port: ${second}
${more}`;
  const third = '    - name: admin # behind the gate\n      port: 7\n';
  const [base, head, draft, other] = [text(1, 1), text(2, 1, third), text(1, 3), text(4, 1)].map(
    (one) => parseConfig(one),
  );
  assert.ok(base && head && draft && other);
  const merged = mergeDraft(base, head, draft, { 'Service/shop/a': 'both' });
  assert.ok(merged.ok);
  assert.equal(merged.text, text(2, 3, third));
  const [conflict] = findConflicts(base, head, other);
  assert.equal(conflict?.separable, false);
  assert.deepEqual(conflict?.clashes, ['spec.ports[web].port']);
});
