import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ContentHash, Revision } from '../../core/config/ids.ts';
import { rootHashOf } from '../../core/config/root-hash.ts';
import { utf8Length } from '../../core/config/utf8-length.ts';
import type {
  ConfigStore,
  DocumentBody,
  PublishInput,
  RevisionRecord,
} from '../../core/ports/store.ts';
import { knownDocument, manifestOf, unknownDocument } from '../core/config/config-arbitraries.ts';
import { historyRules as touchRules } from './config-store-history.ts';
import { fleetRules, recordRules } from './config-store-records.ts';
import {
  AT,
  first,
  inputFor,
  publish,
  type Rule,
  type StoreUnderTest,
} from './config-store-support.ts';
import { unpushedRules } from './config-store-unpushed.ts';

/** What every `ConfigStore` must do, whatever it keeps its data in. */
export function describeConfigStore(name: string, make: () => StoreUnderTest): void {
  const rule = (title: string, run: (subject: StoreUnderTest) => void | Promise<void>) =>
    test(title, async () => {
      const subject = make();
      try {
        await run(subject);
      } finally {
        subject.dispose();
      }
    });
  describe(name, () => {
    publishRules(rule);
    historyRules(rule, make);
    touchRules(rule, make);
    unpushedRules(rule);
    fleetRules(rule);
    recordRules(rule);
  });
}

function publishRules(rule: Rule): void {
  rule('[STORE1] an empty store has no head, generation 0 and a lineage', ({ store }) => {
    assert.equal(store.head(), null);
    assert.equal(store.generation(), 0);
    assert.deepEqual(store.revisions({ limit: 10 }), []);
    assert.equal(store.revision(1 as Revision), null);
    assert.equal(store.documents(1 as Revision), null);
    assert.equal(store.manifest(1 as Revision), null);
    assert.match(store.lineage, /^[0-9a-f]{16,64}$/);
  });

  rule('[STORE2] a publish is the next revision, the head and the next generation', (subject) => {
    const { store } = subject;
    const one = publish(store, first);
    const second = [first[0], knownDocument('HTTPRoute/shop/cart', 2)].filter(
      (d) => d !== undefined,
    );
    const two = publish(store, second, { message: 'raise it', author: 'grace' });
    const sourceBytes = second.reduce((sum, { source }) => sum + utf8Length(source), 0);
    assert.deepEqual(two, {
      revision: 2,
      parent: 1,
      generation: 2,
      rootHash: rootHashOf(manifestOf(second)),
      author: 'grace',
      message: 'raise it',
      createdAt: AT,
      origin: { kind: 'publish' },
      resources: 2,
      changed: 1,
      sourceBytes,
    });
    assert.equal(one.changed, 2);
    const check = (opened: ConfigStore) => {
      assert.deepEqual(opened.head(), two);
      assert.equal(opened.generation(), 2);
      assert.deepEqual(opened.revision(one.revision), one);
    };
    check(store);
    if (subject.reopen !== null) check(subject.reopen());
  });

  rule(
    '[STORE3] a publish based on anything but the head is refused and changes nothing',
    ({ store }) => {
      const conflict = (base: Revision | null) => {
        const result = store.publish(inputFor(first, base));
        return result.ok ? 'published' : result.error;
      };
      assert.deepEqual(conflict(1 as Revision), { reason: 'conflict', head: 0 });
      const one = publish(store, first);
      const two = publish(store, [knownDocument('Gateway/shop/edge', 2)]);
      const audit = store.auditTail(100);
      for (const base of [null, one.revision, 3 as Revision]) {
        assert.deepEqual(conflict(base), { reason: 'conflict', head: two.revision });
      }
      assert.deepEqual(store.head(), two);
      assert.equal(store.generation(), two.generation);
      assert.deepEqual(store.auditTail(100), audit);
    },
  );

  rule('[STORE4] an adoption gets past the numbers that the fleet has', (subject) => {
    publish(subject.store, first);
    const adopted = publish(subject.store, first, {
      revisionMin: 40 as Revision,
      generationMin: 70 as RevisionRecord['generation'],
      origin: { kind: 'adopt', servedRevision: 39 as Revision },
    });
    assert.deepEqual(
      [adopted.revision, adopted.generation, adopted.parent, adopted.changed],
      [40, 70, 1, 0],
    );
    const store = subject.reopen?.() ?? subject.store;
    assert.deepEqual(store.head()?.origin, { kind: 'adopt', servedRevision: 39 });
    const back = publish(store, first, {
      revisionMin: 2 as Revision,
      origin: { kind: 'rollback', of: 1 as Revision },
    });
    assert.deepEqual([back.revision, back.generation], [41, 71]);
    assert.deepEqual(store.revision(back.revision)?.origin, { kind: 'rollback', of: 1 });
    assert.equal(store.documents(39 as Revision), null);
  });

  rule('[STORE5] what is stored under a hash has that hash; a false one is a bug', ({ store }) => {
    const [edge] = first;
    assert.ok(edge !== undefined);
    const other = knownDocument('Gateway/shop/edge', 9);
    const bad: PublishInput[] = [
      { ...inputFor([edge], null), rootHash: rootHashOf(manifestOf([other])) },
      inputFor([{ ...edge, source: other.source }], null),
      inputFor([{ ...edge, canonical: other.canonical }], null),
      inputFor([{ ...edge, canonical: null }], null),
      inputFor([edge, other], null),
    ];
    for (const input of bad) assert.throws(() => store.publish(input), { name: 'AssertionError' });
    assert.equal(store.head(), null);
    assert.equal(publish(store, [edge]).revision, 1);
  });

  rule('[STORE6] changed counts resources whose content is new, different or gone', ({ store }) => {
    const [edge, cart] = first;
    assert.ok(edge !== undefined && cart !== undefined);
    publish(store, first);
    const changedBy = (documents: readonly DocumentBody[]) => publish(store, documents).changed;
    assert.equal(changedBy([cart, edge]), 0);
    assert.equal(changedBy([cart, knownDocument('Gateway/shop/edge', 1, 'a comment')]), 0);
    assert.equal(changedBy([unknownDocument('x!Widget/default/w', 'w: 1'), cart, edge]), 0);
    assert.equal(changedBy([knownDocument('HTTPRoute/shop/pay', 1), edge]), 2);
    assert.equal(changedBy([]), 2);
    assert.equal(store.head()?.resources, 0);
  });
}

function historyRules(rule: Rule, make: () => StoreUnderTest): void {
  rule('[STORE7] history is listed newest first, in pages', ({ store }) => {
    for (let i = 1; i <= 7; i += 1) publish(store, [knownDocument('Gateway/shop/edge', i)]);
    const numbers = (query: { before?: Revision; limit: number }) =>
      store.revisions(query).map(({ revision }) => revision);
    assert.deepEqual(numbers({ limit: 3 }), [7, 6, 5]);
    assert.deepEqual(numbers({ before: 5 as Revision, limit: 3 }), [4, 3, 2]);
    assert.deepEqual(numbers({ before: 2 as Revision, limit: 3 }), [1]);
    assert.deepEqual(numbers({ limit: 0 }), []);
  });

  rule('[STORE8] texts come back by hash, byte for byte, and nothing else does', (subject) => {
    const source = '# größer 🚀\r\n\tkey: "a\u0000b"\n\n';
    const documents = [...first, unknownDocument('x!Widget/default/w', source)];
    publish(subject.store, documents);
    const store = subject.reopen?.() ?? subject.store;
    for (const document of documents) {
      assert.equal(store.source(document.sourceHash), document.source);
      if (document.contentHash === null) continue;
      assert.equal(store.canonical(document.contentHash), document.canonical);
    }
    assert.equal(store.canonical('0'.repeat(64) as ContentHash), null);
    assert.equal(store.source(rootHashOf([]) as string as DocumentBody['sourceHash']), null);
  });

  rule(
    '[STORE9] unknown kinds are kept in place and in text, outside manifest and root hash',
    (s) => {
      const widget = unknownDocument('x!Widget/default/w', 'kind: Widget\n');
      const [edge, cart] = first;
      assert.ok(edge !== undefined && cart !== undefined);
      const documents = [edge, widget, cart, widget];
      const record = publish(s.store, documents);
      const store = s.reopen?.() ?? s.store;
      assert.deepEqual(store.documents(record.revision), documents.map(entryOf));
      assert.deepEqual(store.manifest(record.revision), manifestOf([edge, cart]));
      assert.equal(record.resources, 2);
    },
  );

  test('[STORE10] documents of every revision are those that were published, in order', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const subject = make();
        try {
          const revisions = history.map((documents) => publish(subject.store, documents).revision);
          const check = (store: ConfigStore) => {
            history.forEach((documents, i) => {
              const revision = revisions[i];
              assert.ok(revision !== undefined);
              assert.deepEqual(store.documents(revision), documents.map(entryOf));
              assert.deepEqual(store.manifest(revision), manifestOf(documents));
              assert.equal(store.revision(revision)?.rootHash, rootHashOf(manifestOf(documents)));
            });
          };
          check(subject.store);
          if (subject.reopen !== null) check(subject.reopen());
        } finally {
          subject.dispose();
        }
      }),
      { numRuns: 40 },
    );
  });
}

/** Revisions over few keys, so that resources come, change, move and go. */
const historyArbitrary = fc.array(
  fc
    .uniqueArray(
      fc.record({
        key: fc.integer({ min: 0, max: 9 }),
        version: fc.integer({ min: 0, max: 2 }),
        comment: fc.constantFrom('', 'c'),
      }),
      { maxLength: 10, selector: ({ key }) => key },
    )
    .map((documents) =>
      documents.map(({ key, version, comment }) =>
        key > 7
          ? unknownDocument(`x!Widget/default/w${key}`, `v: ${version} # ${comment}`)
          : knownDocument(`HTTPRoute/shop/r${key}`, version, comment),
      ),
    ),
  { minLength: 1, maxLength: 12 },
);

function entryOf({ key, contentHash, sourceHash }: DocumentBody) {
  return { key, contentHash, sourceHash };
}
