import assert from 'node:assert/strict';
import { buildDocuments } from '../../core/config/build-documents.ts';
import { computeDelta } from '../../core/config/delta.ts';
import { diffConfigs } from '../../core/config/diff-config.ts';
import type { ResourceKey, Revision } from '../../core/config/ids.ts';
import { joinDocuments, parseConfig } from '../../core/gateway/parse-config.ts';
import type { ConfigStore } from '../../core/ports/store.ts';
import { AT, publish, type Rule } from './config-store-support.ts';

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
const SUITE = 'RequestSuite/shop/smoke' as ResourceKey;

function withSuite(url: string): string {
  return `${NAMESPACE}---
# Tried on every change.
apiVersion: holdfast.dev/v1alpha1
kind: RequestSuite
metadata: {name: smoke, namespace: shop}
spec:
  requests: [{name: front, url: "${url}"}]
`;
}

/** A RequestSuite: known, checked and kept like what nodes get, and for people alone. */
export function unpushedRules(rule: Rule): void {
  rule('[STORE20] a RequestSuite is stored and exported, and no node is ever sent it', (s) => {
    const texts = ['http://a.example/', 'http://b.example/'].map(withSuite);
    const records = texts.map((text) => {
      const parsed = parseConfig(text);
      assert.deepEqual(parsed.problems, []);
      // As in the control plane: a resource keeps the timestamp of its first publish.
      const built = buildDocuments(parsed, { creationTimestampOf: () => null, now: AT });
      return publish(s.store, built.documents);
    });
    const [one, two] = records;
    assert.ok(one !== undefined && two !== undefined);
    assert.deepEqual([one.changed, two.changed, two.resources], [1, 0, 1]);
    assert.equal(two.rootHash, one.rootHash);
    const store = s.reopen?.() ?? s.store;
    records.forEach(({ revision }, i) => {
      assert.equal(exported(store, revision), texts[i]);
      assert.equal(store.manifest(revision)?.has(SUITE), false);
      const entry = store.documents(revision)?.find(({ key }) => key === SUITE);
      assert.equal(entry?.contentHash, null);
    });
    const [before, after] = records.map(({ revision }) => store.manifest(revision) ?? new Map());
    assert.ok(before !== undefined && after !== undefined);
    assert.deepEqual(computeDelta(before, after), { changed: [], removed: [] });
  });

  rule('[BLAME7] a change of a RequestSuite alone is its own, in blame, search and diff', (s) => {
    const texts = ['http://a.example/', 'http://b.example/'].map(withSuite);
    for (const text of texts) {
      const input = { creationTimestampOf: () => null, now: AT };
      publish(s.store, buildDocuments(parseConfig(text), input).documents);
    }
    const store = s.reopen?.() ?? s.store;
    const touches = store.touches(2 as Revision) ?? [];
    assert.deepEqual(
      touches.map(({ key, content, text }) => [key, content.revision, text]),
      [
        ['Namespace//shop', 1, null],
        [SUITE, 2, null],
      ],
    );
    const found = store.searchRevisions({ search: 'requestsuite/shop', limit: 5 });
    assert.deepEqual(
      found.map(({ revision }) => revision),
      [2, 1],
    );
    const [from = '', to = ''] = texts;
    assert.deepEqual(diffConfigs(parseConfig(from), parseConfig(to)), [
      {
        key: SUITE,
        change: 'changed',
        fields: [
          {
            pointer: '/spec/requests/0/url',
            before: '"http://a.example/"',
            after: '"http://b.example/"',
          },
        ],
      },
    ]);
  });
}

function exported(store: ConfigStore, revision: Revision): string {
  const documents = store.documents(revision) ?? [];
  return joinDocuments(documents.map(({ sourceHash }) => store.source(sourceHash) ?? ''));
}
