import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceChange } from '../../../core/protocol/console-model.ts';
import { buildTreeRows, documentAtLine } from '../../../renderer/config/resource-tree.ts';
import type { DocumentSummary } from '../../../renderer/workers/config-worker-messages.ts';

function document(
  kind: string,
  name: string,
  more: Partial<DocumentSummary> = {},
): DocumentSummary {
  return {
    key: `${kind}/shop/${name}`,
    kind,
    namespace: 'shop',
    name,
    known: true,
    startLine: 1,
    errors: 0,
    warnings: 0,
    detail: '',
    searchText: name,
    ...more,
  };
}

function change(key: string, word: ResourceChange['change']): ResourceChange {
  return { key, change: word, fields: [] };
}

function rowsOf(
  documents: readonly DocumentSummary[],
  more: { changes?: ResourceChange[]; query?: string; closedGroups?: ReadonlySet<string> } = {},
) {
  return buildTreeRows({
    documents,
    changes: more.changes ?? [],
    query: more.query ?? '',
    closedGroups: more.closedGroups ?? new Set(),
  });
}

function names(rows: ReturnType<typeof rowsOf>): string[] {
  return rows.map((row) => (row.type === 'group' ? `[${row.label}]` : row.name));
}

test('[UITREE1] resources are grouped by kind and namespace, in the order a request meets the kinds', () => {
  const rows = rowsOf([
    document('Zebra', 'z'),
    document('Service', 's'),
    document('HTTPRoute', 'b'),
    document('HTTPRoute', 'a'),
    document('Gateway', 'g', { namespace: '' }),
  ]);
  assert.deepEqual(names(rows), [
    '[Gateway]',
    'g',
    '[HTTPRoute · shop]',
    'a',
    'b',
    '[Service · shop]',
    's',
    '[Zebra · shop]',
    'z',
  ]);
});

test('[UITREE2] every word of a search must occur; a search opens folded groups', () => {
  const documents = [
    document('HTTPRoute', 'checkout', { searchText: 'checkout\nshop.example.com\n/pay' }),
    document('HTTPRoute', 'search', { searchText: 'search\nshop.example.com' }),
  ];
  const closedGroups = new Set(['HTTPRoute/shop']);
  assert.deepEqual(names(rowsOf(documents, { closedGroups })), ['[HTTPRoute · shop]']);
  assert.deepEqual(names(rowsOf(documents, { closedGroups, query: ' EXAMPLE.com /pay ' })), [
    '[HTTPRoute · shop]',
    'checkout',
  ]);
  assert.deepEqual(names(rowsOf(documents, { query: 'nothing' })), []);
});

test('[UITREE3] a problem outranks a change, and what was removed is still listed', () => {
  const rows = rowsOf(
    [
      document('HTTPRoute', 'a', { errors: 2 }),
      document('HTTPRoute', 'b'),
      document('HTTPRoute', 'c'),
    ],
    {
      changes: [
        change('HTTPRoute/shop/a', 'changed'),
        change('HTTPRoute/shop/b', 'added'),
        change('HTTPRoute/shop/gone', 'removed'),
      ],
    },
  );
  const badges = rows.flatMap((row) =>
    row.type === 'resource' ? [[row.name, row.badge?.text ?? null, row.startLine]] : [],
  );
  assert.deepEqual(badges, [
    ['a', '2 problems', 1],
    ['b', 'added', 1],
    ['c', null, 1],
    ['gone', 'removed', null],
  ]);
});

test('[UITREE4] two documents that claim one key are two rows', () => {
  const rows = rowsOf([
    document('HTTPRoute', 'a', { startLine: 1 }),
    document('HTTPRoute', 'a', { startLine: 9 }),
  ]);
  assert.equal(new Set(rows.map((row) => row.id)).size, 3);
});

test('[UITREE5] a line belongs to the last document that begins at or above it', () => {
  const documents = [
    document('HTTPRoute', 'a', { startLine: 3 }),
    document('HTTPRoute', 'b', { startLine: 10 }),
  ];
  assert.equal(documentAtLine(documents, 2), null);
  assert.equal(documentAtLine(documents, 9)?.name, 'a');
  assert.equal(documentAtLine(documents, 10)?.name, 'b');
});
