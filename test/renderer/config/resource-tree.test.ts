import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceChange } from '../../../core/protocol/console-model.ts';
import { buildTree, documentAtLine } from '../../../renderer/config/resource-tree.ts';
import { highlighted, type TreeRow, treeRows } from '../../../renderer/config/tree-rows.ts';
import type {
  DocumentSummary,
  ListenerRoutes,
} from '../../../renderer/workers/config-worker-messages.ts';

function document(
  kind: string,
  name: string,
  more: Partial<DocumentSummary> = {},
): DocumentSummary {
  const namespace = more.namespace ?? 'shop';
  return {
    key: `${kind}/${namespace}/${name}`,
    kind,
    namespace,
    name,
    known: true,
    pushed: true,
    startLine: 1,
    errors: 0,
    warnings: 0,
    detail: '',
    searchText: name,
    outline: [],
    ...more,
  };
}

const gateway = document('Gateway', 'public', {
  outline: [{ label: 'https', detail: ':443', pointer: '/spec/listeners/0' }],
});

function change(key: string, word: ResourceChange['change']): ResourceChange {
  return { key, change: word, fields: [] };
}

function onHttps(...routes: string[]): ListenerRoutes[] {
  return [{ gateway: gateway.key, listener: 'https', routes }];
}

function rowsOf(
  documents: readonly DocumentSummary[],
  more: {
    changes?: ResourceChange[];
    attachments?: ListenerRoutes[];
    query?: string;
    toggled?: ReadonlySet<string>;
  } = {},
): TreeRow[] {
  const roots = buildTree({
    documents,
    changes: more.changes ?? [],
    attachments: more.attachments ?? [],
  });
  return treeRows(roots, { query: more.query ?? '', toggled: more.toggled ?? new Set() });
}

function drawn(rows: readonly TreeRow[]): string[] {
  return rows.map(({ node, level }) => `${'  '.repeat(level - 1)}${node.label}`);
}

function badge(rows: readonly TreeRow[], label: string): string | undefined {
  return rows.find(({ node }) => node.label === label)?.badge?.text;
}

test('[UITREE1] resources are grouped by kind and namespace, in the order a request meets the kinds', () => {
  const rows = rowsOf([
    document('Zebra', 'z'),
    document('Service', 's'),
    document('Service', 'a'),
    document('Gateway', 'g', { namespace: '' }),
  ]);
  assert.deepEqual(drawn(rows), [
    'Gateway',
    '  g',
    'Service · shop',
    '  a',
    '  s',
    'Zebra · shop',
    '  z',
  ]);
});

test('[UITREE2] every word of a search must occur; a search opens folded groups', () => {
  const documents = [
    document('Service', 'cart', { searchText: 'cart\nshop.example.com' }),
    document('Service', 'search', { searchText: 'search\nshop.example.com' }),
  ];
  const toggled = new Set(['Service/shop']);
  assert.deepEqual(drawn(rowsOf(documents, { toggled })), ['Service · shop']);
  const found = rowsOf(documents, { toggled, query: 'example CART' });
  assert.deepEqual(drawn(found), ['Service · shop', '  cart']);
  assert.equal(found[1]?.found, 'shop.example.com');
  assert.deepEqual(rowsOf(documents, { query: 'nothing' }), []);
});

test('[UITREE3] a problem outranks a change, and what was removed is still listed', () => {
  const rows = rowsOf(
    [document('Service', 'a', { errors: 2 }), document('Service', 'b', { warnings: 1 })],
    {
      changes: [
        change('Service/shop/a', 'changed'),
        change('Service/shop/b', 'added'),
        change('Service/shop/c', 'removed'),
      ],
    },
  );
  assert.equal(badge(rows, 'a'), '2 problems');
  assert.equal(badge(rows, 'b'), 'added');
  assert.equal(badge(rows, 'c'), 'removed');
  assert.equal(rows.find(({ node }) => node.label === 'c')?.node.startLine, null);
});

test('[UITREE4] two documents that claim one key are two rows', () => {
  const rows = rowsOf([document('Service', 'a'), document('Service', 'a', { startLine: 9 })]);
  assert.equal(new Set(rows.map(({ node }) => node.id)).size, 3);
});

test('[UITREE5] a line belongs to the last document that begins at or above it', () => {
  const documents = [document('Service', 'a'), document('Service', 'b', { startLine: 9 })];
  assert.equal(documentAtLine(documents, 8)?.name, 'a');
  assert.equal(documentAtLine(documents, 9)?.name, 'b');
  assert.equal(documentAtLine(documents, 0), null);
});

test('[UIWORK1] a route stands below each listener that it attaches to, its own namespace first', () => {
  const own = document('HTTPRoute', 'z', {
    outline: [{ label: '/pay', detail: 'cart', pointer: '/spec/rules/0' }],
  });
  const other = document('HTTPRoute', 'a', { namespace: 'account' });
  const attachments = onHttps(own.key, other.key);
  const rows = rowsOf([gateway, own, other], { attachments });
  assert.deepEqual(drawn(rows), [
    'Gateway · shop',
    '  public',
    '    https',
    '      z',
    '      account / a',
  ]);
  const open = rows.find(({ node }) => node.label === 'z')?.node.id ?? '';
  const opened = rowsOf([gateway, own, other], { attachments, toggled: new Set([open]) });
  assert.equal(drawn(opened)[4], '        /pay');
  assert.equal(opened[4]?.node.pointer, '/spec/rules/0');
});

test('[UIWORK2] a route that no listener takes stands in a group that says so', () => {
  const rows = rowsOf([gateway, document('HTTPRoute', 'lost')], { attachments: onHttps() });
  assert.deepEqual(drawn(rows).slice(3), ['HTTPRoute · attached nowhere', '  lost']);
});

test('[UIWORK3] a folded node speaks for what it hides, an open one for itself alone', () => {
  const routes = [
    document('HTTPRoute', 'a', { errors: 1 }),
    document('HTTPRoute', 'b', { errors: 2 }),
  ];
  const attachments = onHttps(...routes.map(({ key }) => key));
  const open = rowsOf([gateway, ...routes], { attachments });
  assert.equal(badge(open, 'public'), undefined);
  const id = open.find(({ node }) => node.label === 'public')?.node.id ?? '';
  const folded = rowsOf([gateway, ...routes], { attachments, toggled: new Set([id]) });
  assert.equal(badge(folded, 'public'), '3 problems');
});

test('[UIWORK4] a search keeps the parents of what it found, and marks it', () => {
  const route = document('HTTPRoute', 'checkout', { searchText: 'checkout\n/pay' });
  const rows = rowsOf([gateway, route, document('Service', 'cart')], {
    attachments: onHttps(route.key),
    query: 'pay',
  });
  assert.deepEqual(drawn(rows), ['Gateway · shop', '  public', '    https', '      checkout']);
  assert.equal(rows[3]?.found, '/pay');
  assert.deepEqual(highlighted('checkout', ['out', 'ch']), [
    { text: 'ch', hit: true },
    { text: 'eck', hit: false },
    { text: 'out', hit: true },
  ]);
});
