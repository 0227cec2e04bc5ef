import type { ResourceChange } from '../../core/protocol/console-model.ts';
import type {
  DocumentSummary,
  ListenerRoutes,
  OutlineEntry,
} from '../workers/config-worker-messages.ts';
import { resourceLabel } from './resource-label.ts';

/** What can be said of the resources at and below a node, by their keys. */
export type TreeFindings = ReadonlyMap<string, ResourceFinding>;

export interface ResourceFinding {
  readonly errors: number;
  readonly warnings: number;
  readonly change: ResourceChange['change'] | null;
}

/** A node of the tree: groups, resources, listeners with the routes on them, rules. */
export interface TreeNode {
  /** Stable while the resource stays where it is; a route is there once for each of its listeners. */
  readonly id: string;
  readonly type: 'group' | 'resource' | 'listener' | 'rule';
  readonly label: string;
  readonly detail: string;
  /** Of the resource that it is, or is part of; null for groups. */
  readonly key: string | null;
  /** Of the part; null for groups and whole resources. */
  readonly pointer: string | null;
  /** Null for groups and for a resource that the draft has removed. */
  readonly startLine: number | null;
  readonly known: boolean;
  /** Lower case, one thing a line; empty for what a search does not find by itself. */
  readonly searchText: string;
  readonly openAtFirst: boolean;
  readonly children: readonly TreeNode[];
  readonly findings: TreeFindings;
}

export interface TreeInput {
  readonly documents: readonly DocumentSummary[];
  readonly changes: readonly ResourceChange[];
  readonly attachments: readonly ListenerRoutes[];
}

/** Kinds in the order in which a request meets them; all others follow by name. */
const KIND_ORDER = [
  'GatewayClass',
  'Gateway',
  'ListenerSet',
  'HTTPRoute',
  'GRPCRoute',
  'Backend',
  'Service',
  'TrafficPolicy',
  'AuthPolicy',
  'FeatureFlag',
  'RequestSuite',
  'BackendTLSPolicy',
  'ReferenceGrant',
  'Namespace',
];
const NOWHERE = 'attached nowhere';
const REMOVED = 'removed';

/** Gateways with their listeners, routes and rules; every other resource by kind and namespace. */
export function buildTree(input: TreeInput): readonly TreeNode[] {
  const context = contextOf(input);
  const groups = new Map<string, TreeNode[]>();
  const add = (id: string, node: TreeNode) => {
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [node]);
    else group.push(node);
  };
  for (const document of input.documents) {
    const id = groupOf(document, context);
    if (id !== null) add(id, resourceNode(document, id, context));
  }
  for (const { key, change } of input.changes) {
    if (change === 'removed') addRemoved(key, context, add);
  }
  return [...groups]
    .sort(byKindThenNamespace)
    .map(([id, nodes]) => groupNode(id, [...nodes].sort(byLabel)));
}

interface Context {
  readonly changeOf: ReadonlyMap<string, ResourceChange['change']>;
  /** Routes of a listener, by the listener's resource and name. */
  readonly routesOn: ReadonlyMap<string, readonly DocumentSummary[]>;
  readonly attached: ReadonlySet<string>;
}

function contextOf({ documents, changes, attachments }: TreeInput): Context {
  const routes = new Map<string, DocumentSummary>();
  for (const document of documents) {
    if (document.kind === 'HTTPRoute' && !routes.has(document.key)) {
      routes.set(document.key, document);
    }
  }
  const attached = new Set<string>();
  const routesOn = new Map<string, readonly DocumentSummary[]>();
  for (const { gateway, listener, routes: keys } of attachments) {
    const there = keys.flatMap((key) => routes.get(key) ?? []);
    for (const { key } of there) attached.add(key);
    routesOn.set(`${gateway} ${listener}`, there);
  }
  const changeOf = new Map(changes.map((change) => [change.key, change.change]));
  return { changeOf, routesOn, attached };
}

/** The group that a document stands in; null for a route that stands below its listeners. */
function groupOf(document: DocumentSummary, context: Context): string | null {
  const kind = document.kind === '' ? 'Unreadable' : document.kind;
  if (kind !== 'HTTPRoute' || !document.known) return `${kind}/${document.namespace}`;
  return context.attached.has(document.key) ? null : `${kind}/${NOWHERE}`;
}

function resourceNode(document: DocumentSummary, parent: string, context: Context): TreeNode {
  // Two documents may claim one key; the line tells them apart.
  const id = `${parent}>${document.key}@${document.startLine}`;
  const finding = findingOf(document, context.changeOf.get(document.key));
  const parts = document.outline.map((part) => partNode(document, part, id, context));
  const findings = new Map(parts.flatMap((part) => [...part.findings]));
  if (finding !== null) findings.set(document.key, finding);
  const { key, startLine, known, searchText } = document;
  return {
    id,
    type: 'resource',
    label: document.name === '' ? resourceLabel(key) : document.name,
    detail: detailOf(document),
    key,
    pointer: null,
    startLine,
    known,
    searchText,
    openAtFirst: document.kind === 'Gateway' || document.kind === 'ListenerSet',
    children: parts,
    findings,
  };
}

/** What no node gets says so. */
function detailOf({ kind, known, pushed, detail }: DocumentSummary): string {
  if (pushed || kind === '') return detail;
  return known && detail !== '' ? `${detail}, not pushed` : 'kept, not pushed';
}

function partNode(
  document: DocumentSummary,
  part: OutlineEntry,
  parent: string,
  context: Context,
): TreeNode {
  const isRule = document.kind === 'HTTPRoute';
  const id = `${parent}>${part.pointer}`;
  const routes = isRule ? [] : (context.routesOn.get(`${document.key} ${part.label}`) ?? []);
  const children = [...routes]
    .sort(byPlace(document.namespace))
    .map((route) => withNamespace(resourceNode(route, id, context), route, document.namespace));
  return {
    id,
    type: isRule ? 'rule' : 'listener',
    label: part.label,
    detail: part.detail,
    key: document.key,
    pointer: part.pointer,
    startLine: document.startLine,
    known: true,
    searchText: isRule ? '' : `${part.label}\n${part.detail}`.toLowerCase(),
    openAtFirst: !isRule,
    children,
    findings: new Map(children.flatMap((child) => [...child.findings])),
  };
}

/** Routes of the Gateway's own namespace go by their name, those of others by both. */
function withNamespace(node: TreeNode, route: DocumentSummary, home: string): TreeNode {
  return route.namespace === home ? node : { ...node, label: `${route.namespace} / ${node.label}` };
}

function byPlace(home: string) {
  return (a: DocumentSummary, b: DocumentSummary): number =>
    Number(a.namespace !== home) - Number(b.namespace !== home) ||
    compare(a.namespace, b.namespace) ||
    compare(a.name, b.name);
}

function addRemoved(
  key: string,
  context: Context,
  add: (group: string, node: TreeNode) => void,
): void {
  const [kind = '', namespace = '', ...name] = key.slice(key.indexOf('!') + 1).split('/');
  const group = kind === 'HTTPRoute' ? `${kind}/${REMOVED}` : `${kind}/${namespace}`;
  const label = kind === 'HTTPRoute' ? `${namespace} / ${name.join('/')}` : name.join('/');
  add(group, {
    id: `${group}>${key}@removed`,
    type: 'resource',
    label,
    detail: '',
    key,
    pointer: null,
    startLine: null,
    known: true,
    searchText: key.toLowerCase(),
    openAtFirst: false,
    children: [],
    findings: new Map([
      [key, { errors: 0, warnings: 0, change: context.changeOf.get(key) ?? 'removed' }],
    ]),
  });
}

function groupNode(id: string, children: readonly TreeNode[]): TreeNode {
  const [kind = '', namespace = ''] = id.split('/');
  return {
    id,
    type: 'group',
    label: namespace === '' ? kind : `${kind} · ${namespace}`,
    detail: String(children.length),
    key: null,
    pointer: null,
    startLine: null,
    known: true,
    searchText: '',
    openAtFirst: true,
    children,
    findings: new Map(children.flatMap((child) => [...child.findings])),
  };
}

function findingOf(
  { errors, warnings }: DocumentSummary,
  change: ResourceChange['change'] | undefined,
): ResourceFinding | null {
  if (errors === 0 && warnings === 0 && change === undefined) return null;
  return { errors, warnings, change: change ?? null };
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

function byLabel(a: TreeNode, b: TreeNode): number {
  return compare(a.label, b.label);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
