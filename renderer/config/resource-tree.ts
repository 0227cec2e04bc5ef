import type { ResourceChange } from '../../core/protocol/console-model.ts';
import type { DocumentSummary } from '../workers/config-worker-messages.ts';
import { resourceLabel } from './resource-label.ts';

/** A row of the tree, flattened for a virtual list. */
export type TreeRow =
  | {
      readonly type: 'group';
      readonly id: string;
      readonly label: string;
      readonly count: number;
      readonly open: boolean;
    }
  | {
      readonly type: 'resource';
      readonly id: string;
      readonly groupId: string;
      readonly key: string;
      readonly name: string;
      readonly detail: string;
      readonly known: boolean;
      readonly badge: TreeBadge | null;
      /** Null for a resource that the draft has removed. */
      readonly startLine: number | null;
      /** Place among its siblings, from 1, and how many there are. */
      readonly position: number;
      readonly siblings: number;
    };

export interface TreeBadge {
  readonly tone: 'bad' | 'warning' | 'changed' | 'added' | 'removed' | 'muted';
  readonly text: string;
}

/** Kinds in the order in which a request meets them; all others follow by name. */
const KIND_ORDER = [
  'GatewayClass',
  'Gateway',
  'HTTPRoute',
  'GRPCRoute',
  'Backend',
  'Service',
  'BackendTLSPolicy',
  'ReferenceGrant',
  'Namespace',
];

interface Leaf {
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly document: DocumentSummary | null;
}

/** Groups documents by kind and namespace, with what `changes` says was removed. */
export function buildTreeRows(input: {
  readonly documents: readonly DocumentSummary[];
  readonly changes: readonly ResourceChange[];
  /** Every word must occur in a row's name, hosts, paths or backends. */
  readonly query: string;
  readonly closedGroups: ReadonlySet<string>;
}): TreeRow[] {
  const changeOf = new Map(input.changes.map((change) => [change.key, change.change]));
  const words = input.query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leavesOf(input.documents, input.changes)) {
    if (!matches(leaf, words)) continue;
    const id = groupIdOf(leaf);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [leaf]);
    else group.push(leaf);
  }
  const rows: TreeRow[] = [];
  for (const [id, leaves] of [...groups].sort(byKindThenNamespace)) {
    // A search shows what it found, whatever was folded before.
    const open = words.length > 0 || !input.closedGroups.has(id);
    rows.push({ type: 'group', id, label: labelOf(id), count: leaves.length, open });
    if (open) rows.push(...resourceRows(id, leaves, changeOf));
  }
  return rows;
}

function leavesOf(
  documents: readonly DocumentSummary[],
  changes: readonly ResourceChange[],
): Leaf[] {
  const leaves: Leaf[] = documents.map((document) => ({ ...document, document }));
  for (const { key, change } of changes) {
    if (change !== 'removed') continue;
    const [kind = '', namespace = '', ...name] = key.slice(key.indexOf('!') + 1).split('/');
    leaves.push({ key, kind, namespace, name: name.join('/'), document: null });
  }
  return leaves;
}

function matches(leaf: Leaf, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = leaf.document?.searchText ?? leaf.key.toLowerCase();
  return words.every((word) => text.includes(word));
}

function groupIdOf(leaf: Leaf): string {
  return `${leaf.kind === '' ? 'Unreadable' : leaf.kind}/${leaf.namespace}`;
}

function labelOf(groupId: string): string {
  const [kind = '', namespace = ''] = groupId.split('/');
  return namespace === '' ? kind : `${kind} · ${namespace}`;
}

function byKindThenNamespace(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  const [kindA = '', namespaceA = ''] = a[0].split('/');
  const [kindB = '', namespaceB = ''] = b[0].split('/');
  return rankOf(kindA) - rankOf(kindB) || compare(kindA, kindB) || compare(namespaceA, namespaceB);
}

function rankOf(kind: string): number {
  const rank = KIND_ORDER.indexOf(kind);
  return rank === -1 ? KIND_ORDER.length : rank;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function resourceRows(
  groupId: string,
  leaves: readonly Leaf[],
  changeOf: ReadonlyMap<string, ResourceChange['change']>,
): TreeRow[] {
  const sorted = [...leaves].sort((a, b) => compare(a.name, b.name));
  return sorted.map((leaf, index) => ({
    type: 'resource',
    // Two documents may claim one key; the line tells them apart.
    id: `${leaf.key}@${leaf.document?.startLine ?? 'removed'}`,
    groupId,
    key: leaf.key,
    name: leaf.name === '' ? resourceLabel(leaf.key) : leaf.name,
    detail: leaf.document?.detail ?? '',
    known: leaf.document?.known ?? true,
    badge: badgeOf(leaf.document, changeOf.get(leaf.key)),
    startLine: leaf.document?.startLine ?? null,
    position: index + 1,
    siblings: sorted.length,
  }));
}

/** The most pressing of what can be said: a problem, then a change, then that it is not pushed. */
function badgeOf(
  document: DocumentSummary | null,
  change: ResourceChange['change'] | undefined,
): TreeBadge | null {
  if (document === null) return { tone: 'removed', text: 'removed' };
  if (document.errors > 0) return { tone: 'bad', text: counted(document.errors, 'problem') };
  if (change === 'added') return { tone: 'added', text: 'added' };
  if (change === 'changed') return { tone: 'changed', text: 'changed' };
  if (document.warnings > 0)
    return { tone: 'warning', text: counted(document.warnings, 'warning') };
  if (change === 'text-only') return { tone: 'muted', text: 'comments' };
  if (!document.known) return { tone: 'muted', text: 'kept, not pushed' };
  return null;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The document that a line of the text lies in; null above the first. */
export function documentAtLine(
  documents: readonly DocumentSummary[],
  line: number,
): DocumentSummary | null {
  let found: DocumentSummary | null = null;
  for (const document of documents) {
    if (document.startLine > line) break;
    found = document;
  }
  return found;
}
