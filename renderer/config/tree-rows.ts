import type { TreeFindings, TreeNode } from './resource-tree.ts';

/** A row of the tree, flattened for a virtual list. */
export interface TreeRow {
  readonly node: TreeNode;
  /** From 1. */
  readonly level: number;
  /** Null when there is nothing below it. */
  readonly expanded: boolean | null;
  readonly parentId: string | null;
  /** Place among its siblings that are shown, from 1, and how many there are. */
  readonly position: number;
  readonly siblings: number;
  readonly badge: TreeBadge | null;
  /** What the search found, where the label does not show it: a host, a path, a backend. */
  readonly found: string | null;
}

export interface TreeBadge {
  readonly tone: 'bad' | 'warning' | 'changed' | 'added' | 'removed' | 'muted';
  readonly text: string;
}

/** Rows that are in sight. A search shows what it found, whatever was folded before. */
export function treeRows(
  roots: readonly TreeNode[],
  view: {
    /** Every word must occur in a resource's name, hosts, paths or backends. */
    readonly query: string;
    /** Ids of nodes that are not as they were at first. */
    readonly toggled: ReadonlySet<string>;
  },
): TreeRow[] {
  const words = wordsOf(view.query);
  const rows: TreeRow[] = [];
  const shown = words.length === 0 ? null : hitsOf(roots, words);
  const walk = (nodes: readonly TreeNode[], level: number, parentId: string | null) => {
    const visible = shown === null ? nodes : nodes.filter((node) => shown.has(node));
    visible.forEach((node, index) => {
      const inside =
        shown === null ? node.children : node.children.filter((each) => shown.has(each));
      const leads = shown !== null && inside.length > 0;
      const open = leads || node.openAtFirst !== view.toggled.has(node.id);
      const expanded = node.children.length === 0 ? null : open;
      rows.push({
        node,
        level,
        expanded,
        parentId,
        position: index + 1,
        siblings: visible.length,
        badge: badgeOf(node, expanded === true),
        found: words.length === 0 ? null : foundIn(node, words),
      });
      if (expanded !== true) return;
      // Below a hit that leads to no other hit, everything is shown.
      if (leads || shown === null) walk(node.children, level + 1, node.id);
      else pushAll(node, level + 1);
    });
  };
  const pushAll = (node: TreeNode, level: number) => {
    node.children.forEach((child, index) => {
      rows.push({
        node: child,
        level,
        expanded: child.children.length === 0 ? null : false,
        parentId: node.id,
        position: index + 1,
        siblings: node.children.length,
        badge: badgeOf(child, false),
        found: null,
      });
    });
  };
  walk(roots, 1, null);
  return rows;
}

/** Words of a search, in lower case. */
export function wordsOf(query: string): string[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Nodes that were found, and those that lead to them. */
function hitsOf(roots: readonly TreeNode[], words: readonly string[]): ReadonlySet<TreeNode> {
  const shown = new Set<TreeNode>();
  const visit = (node: TreeNode): boolean => {
    let hit = node.searchText !== '' && words.every((word) => node.searchText.includes(word));
    for (const child of node.children) if (visit(child)) hit = true;
    if (hit) shown.add(node);
    return hit;
  };
  for (const root of roots) visit(root);
  return shown;
}

function foundIn(node: TreeNode, words: readonly string[]): string | null {
  const label = node.label.toLowerCase();
  const word = words.find((each) => !label.includes(each));
  if (word === undefined || node.searchText === '') return null;
  if (!words.every((each) => node.searchText.includes(each))) return null;
  return node.searchText.split('\n').find((line) => line.includes(word)) ?? null;
}

/**
 * The most pressing of what can be said: problems, then changes. A folded node speaks for what it
 * hides; an open one for itself alone.
 */
function badgeOf(node: TreeNode, isOpen: boolean): TreeBadge | null {
  const own =
    node.type === 'resource' && node.key !== null ? node.findings.get(node.key) : undefined;
  const ownOnly: TreeFindings =
    own === undefined || node.key === null ? new Map() : new Map([[node.key, own]]);
  const findings = [...(isOpen ? ownOnly : node.findings).values()];
  const errors = findings.reduce((sum, each) => sum + each.errors, 0);
  if (errors > 0) return { tone: 'bad', text: counted(errors, 'problem') };
  const changes = findings.flatMap((each) => each.change ?? []);
  const isAlone = node.type === 'resource' && findings.length === 1 && own !== undefined;
  if (isAlone && own.change !== null && own.change !== 'text-only') {
    return { tone: own.change, text: own.change };
  }
  const real = changes.filter((change) => change !== 'text-only').length;
  if (real > 0) return { tone: 'changed', text: `${real} changed` };
  const warnings = findings.reduce((sum, each) => sum + each.warnings, 0);
  if (warnings > 0) return { tone: 'warning', text: counted(warnings, 'warning') };
  if (changes.length > 0) return { tone: 'muted', text: 'comments' };
  return null;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A label in pieces, with those that a search looks for marked. */
export function highlighted(
  label: string,
  words: readonly string[],
): readonly { readonly text: string; readonly hit: boolean }[] {
  const lower = label.toLowerCase();
  const marks = new Array<boolean>(label.length).fill(false);
  for (const word of words) {
    for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + word.length)) {
      marks.fill(true, at, at + word.length);
    }
  }
  const pieces: { text: string; hit: boolean }[] = [];
  for (let i = 0; i < label.length; i += 1) {
    const hit = marks[i] ?? false;
    const last = pieces.at(-1);
    if (last !== undefined && last.hit === hit) last.text += label.charAt(i);
    else pieces.push({ text: label.charAt(i), hit });
  }
  return pieces;
}
