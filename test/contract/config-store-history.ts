import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ResourceKey, Revision } from '../../core/config/ids.ts';
import { micros } from '../../core/ports/clock.ts';
import type { ConfigStore, DocumentBody, RevisionRecord } from '../../core/ports/store.ts';
import { knownDocument, unknownDocument } from '../core/config/config-arbitraries.ts';
import { AT, publish, type Rule, type StoreUnderTest } from './config-store-support.ts';

const edge = (version: number, comment?: string) =>
  knownDocument('Gateway/shop/edge', version, comment);
const cart = (version: number, comment?: string) =>
  knownDocument('HTTPRoute/shop/cart', version, comment);

/** `content/text` revision of each resource. */
function touched(store: ConfigStore, revision: number): Record<string, string> {
  const touches = store.touches(revision as Revision);
  assert.ok(touches !== null);
  return Object.fromEntries(
    touches.map(({ key, content, text }) => [
      key,
      `${content.revision}/${text === null ? '-' : text.revision}`,
    ]),
  );
}

/** Blame and search: what the history is asked besides its revisions. */
export function historyRules(rule: Rule, make: () => StoreUnderTest): void {
  rule('[BLAME1] of each resource, the revision, author and time that last touched it', (s) => {
    publish(s.store, [edge(1), cart(1)], { author: 'ada' });
    publish(s.store, [edge(1), cart(2)], { author: 'mira', at: micros(AT + 5) });
    const store = s.reopen?.() ?? s.store;
    assert.deepEqual(store.touches(2 as Revision), [
      { key: 'Gateway/shop/edge', content: { revision: 1, author: 'ada', at: AT }, text: null },
      {
        key: 'HTTPRoute/shop/cart',
        content: { revision: 2, author: 'mira', at: AT + 5 },
        text: null,
      },
    ]);
    assert.deepEqual(touched(store, 1), {
      'Gateway/shop/edge': '1/-',
      'HTTPRoute/shop/cart': '1/-',
    });
    assert.equal(store.touches(3 as Revision), null);
  });

  rule('[BLAME2] a change of comments is told apart from a change of content', (s) => {
    publish(s.store, [edge(1)]);
    publish(s.store, [edge(1, 'why')]);
    publish(s.store, [edge(1, 'why'), cart(1)]);
    publish(s.store, [edge(1, 'because'), cart(1)]);
    publish(s.store, [edge(2, 'because'), cart(1)]);
    const store = s.reopen?.() ?? s.store;
    const of = (revision: number) => touched(store, revision)['Gateway/shop/edge'];
    assert.deepEqual([1, 2, 3, 4, 5].map(of), ['1/-', '1/2', '1/2', '1/4', '5/-']);
  });

  rule('[BLAME3] moving a resource does not touch it; bringing it back does', (s) => {
    publish(s.store, [edge(1), cart(1)]);
    publish(s.store, [cart(1), edge(1)]);
    publish(s.store, [cart(1)]);
    publish(s.store, [edge(1), cart(1)], { origin: { kind: 'rollback', of: 1 as Revision } });
    const store = s.reopen?.() ?? s.store;
    assert.deepEqual(touched(store, 2), {
      'HTTPRoute/shop/cart': '1/-',
      'Gateway/shop/edge': '1/-',
    });
    assert.equal(touched(store, 4)['Gateway/shop/edge'], '4/-');
  });

  rule('[BLAME4] a kind that is not pushed is touched by its text', (s) => {
    const widget = (text: string) => unknownDocument('x!Widget/default/w', text);
    publish(s.store, [widget('a: 1'), widget('a: 2')]);
    publish(s.store, [widget('a: 1'), widget('a: 2'), edge(1)]);
    publish(s.store, [widget('a: 3'), widget('a: 2'), edge(1)]);
    const store = s.reopen?.() ?? s.store;
    const of = (revision: number) => touched(store, revision)['x!Widget/default/w'];
    assert.deepEqual([1, 2, 3].map(of), ['1/-', '1/-', '3/-']);
  });

  test('[BLAME5] blame is what comparing every revision with its forerunner gives', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const subject = make();
        try {
          for (const documents of history) publish(subject.store, documents);
          const expected = blameByComparison(history);
          const check = (store: ConfigStore) =>
            expected.forEach((touches, i) => {
              assert.deepEqual(touched(store, i + 1), touches);
            });
          check(subject.store);
          if (subject.reopen !== null) check(subject.reopen());
        } finally {
          subject.dispose();
        }
      }),
      { numRuns: 40 },
    );
  });

  rule('[HIST1] history is searched by message, author, number and changed resource', (s) => {
    publish(s.store, [edge(1), cart(1)], { author: 'ada', message: 'Begin the shop' });
    publish(s.store, [edge(1), cart(2)], { author: 'mira', message: 'raise the canary' });
    publish(s.store, [edge(1)], { author: 'Mira', message: '100%_done' });
    publish(s.store, [edge(2)], { author: 'ada', message: 'Größe, r2 again' });
    const store = s.reopen?.() ?? s.store;
    const found = (search: string) => numbers(store.searchRevisions({ search, limit: 10 }));
    assert.deepEqual(found('CANARY'), [2]);
    assert.deepEqual(found('mira'), [3, 2]);
    assert.deepEqual(found('shop/cart'), [3, 2, 1]);
    assert.deepEqual(found('gateway/SHOP/edge'), [4, 1]);
    assert.deepEqual(found('r2'), [4, 2]);
    assert.deepEqual(found('3'), [3]);
    assert.deepEqual(found('%_'), [3]);
    assert.deepEqual(found('mira  cart'), [3, 2]);
    assert.deepEqual(found('mira begin'), []);
    assert.deepEqual(found('größe'), [4]);
    assert.deepEqual(found('nothing'), []);
  });

  rule('[HIST2] a search is bounded and goes on before a revision', ({ store }) => {
    for (let i = 1; i <= 7; i += 1) publish(store, [edge(i)], { message: `step ${i % 2}` });
    const found = (before: number | null, limit: number) =>
      numbers(
        store.searchRevisions({
          search: 'step 1',
          limit,
          ...(before === null ? {} : { before: before as Revision }),
        }),
      );
    assert.deepEqual(found(null, 2), [7, 5]);
    assert.deepEqual(found(5, 2), [3, 1]);
    assert.deepEqual(found(1, 2), []);
    assert.deepEqual(found(null, 0), []);
    const many = Array.from({ length: 300 }, (_, i) => `w${i}`).join(' ');
    assert.deepEqual(store.searchRevisions({ search: many, limit: 5 }), []);
  });
}

function numbers(records: readonly RevisionRecord[]): number[] {
  return records.map(({ revision }) => revision);
}

/** Revisions over few keys, so that resources come, change, move and go. */
const historyArbitrary = fc.array(
  fc
    .uniqueArray(
      fc.record({
        key: fc.integer({ min: 0, max: 6 }),
        version: fc.integer({ min: 0, max: 1 }),
        comment: fc.constantFrom('', 'c'),
      }),
      { maxLength: 7, selector: ({ key }) => key },
    )
    .map((documents) =>
      documents.map(({ key, version, comment }) =>
        key > 5
          ? unknownDocument(`x!Widget/default/w${key}`, `v: ${version} # ${comment}`)
          : knownDocument(`HTTPRoute/shop/r${key}`, version, comment),
      ),
    ),
  { minLength: 1, maxLength: 12 },
);

function blameByComparison(history: readonly (readonly DocumentBody[])[]) {
  interface Held {
    readonly document: DocumentBody;
    readonly content: number;
    readonly text: number;
  }
  let before = new Map<ResourceKey, Held>();
  return history.map((documents, i) => {
    const after = new Map<ResourceKey, Held>();
    for (const document of documents) {
      const old = before.get(document.key);
      const sameText = old?.document.sourceHash === document.sourceHash;
      const sameContent =
        document.contentHash === null
          ? sameText
          : old?.document.contentHash === document.contentHash;
      after.set(document.key, {
        document,
        content: sameContent && old !== undefined ? old.content : i + 1,
        text: sameText && sameContent && old !== undefined ? old.text : i + 1,
      });
    }
    before = after;
    return Object.fromEntries(
      [...after].map(([key, { content, text }]) => [
        key,
        `${content}/${text === content ? '-' : text}`,
      ]),
    );
  });
}
