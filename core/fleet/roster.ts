import type { NodeId } from '../config/ids.ts';
import { assert } from '../lib/assert.ts';
import { CELLS_MAX, INVENTORY_NODES_MAX } from '../protocol/limits.ts';

/** Regions first; further cells are numbered. Shares are relative and on purpose uneven. */
const NAMED_CELLS: readonly { readonly name: string; readonly share: number }[] = [
  { name: 'eu-west', share: 34 },
  { name: 'us-east', share: 29 },
  { name: 'ap-south', share: 21 },
  { name: 'sa-east', share: 16 },
  { name: 'us-west', share: 26 },
  { name: 'eu-north', share: 13 },
  { name: 'ap-east', share: 23 },
  { name: 'us-central', share: 19 },
  { name: 'eu-central', share: 31 },
  { name: 'af-south', share: 9 },
  { name: 'me-central', share: 12 },
  { name: 'ap-north', share: 18 },
  { name: 'ca-east', share: 11 },
  { name: 'sa-west', share: 8 },
  { name: 'eu-south', share: 14 },
  { name: 'au-east', share: 10 },
];
const NUMBERED_CELL_SHARE = 15;

export interface RosterNode {
  readonly nodeId: NodeId;
  readonly cell: string;
}

export interface InventoryPlan {
  readonly add: readonly RosterNode[];
  readonly retire: readonly NodeId[];
}

/** Name of the cell at `index`, counted from 0. */
export function cellName(index: number): string {
  return NAMED_CELLS[index]?.name ?? `cell-${index + 1}`;
}

/** `eu-west/edge-0412` */
export function nodeIdOf(cell: string, number: number): NodeId {
  return `${cell}/edge-${String(number).padStart(4, '0')}` as NodeId;
}

/**
 * What to provision and retire so that the fleet has `nodes` nodes. Growing only adds, shrinking
 * only takes away the highest numbers of a cell, and nothing is ever renamed. Sizes follow a
 * divisor method from wherever the fleet stands, so growing and shrinking back ends where it began.
 * `cells` is how many cells the fleet was begun with; it has them even while they are empty.
 */
export function planInventory(input: {
  readonly nodes: number;
  readonly cells: number;
  readonly current: readonly RosterNode[];
}): InventoryPlan {
  assert(Number.isInteger(input.nodes) && input.nodes >= 0, 'nodes must be a whole number');
  assert(input.nodes <= INVENTORY_NODES_MAX, 'nodes over the inventory limit');
  assert(input.cells >= 1 && input.cells <= CELLS_MAX, 'cells out of range');
  const cells = groupByCell(input.current, input.cells);
  const difference = input.nodes - input.current.length;
  if (difference >= 0) return { add: grow(cells, difference), retire: [] };
  return { add: [], retire: shrink(cells, -difference) };
}

interface CellPlan {
  readonly cell: string;
  readonly share: number;
  /** Ascending. */
  readonly numbered: { readonly nodeId: NodeId; readonly number: number }[];
}

function grow(cells: readonly CellPlan[], count: number): RosterNode[] {
  const added = new Map<CellPlan, RosterNode[]>(cells.map((cell) => [cell, []]));
  for (let i = 0; i < count; i += 1) {
    // Sainte-Laguë: the next node goes where share / (2·size + 1) is greatest.
    const cell = pick(cells, (a, b) => {
      const left = a.share * (2 * b.numbered.length + 1);
      const right = b.share * (2 * a.numbered.length + 1);
      return left > right;
    });
    const number = (cell.numbered.at(-1)?.number ?? 0) + 1;
    const nodeId = nodeIdOf(cell.cell, number);
    cell.numbered.push({ nodeId, number });
    added.get(cell)?.push({ nodeId, cell: cell.cell });
  }
  return [...added.values()].flat();
}

function shrink(cells: readonly CellPlan[], count: number): NodeId[] {
  const retired: NodeId[] = [];
  for (let i = 0; i < count; i += 1) {
    const filled = cells.filter((cell) => cell.numbered.length > 0);
    // The cell that the last step of growing would have given to. On a tie, the later cell.
    const cell = pick(filled, (a, b) => {
      const left = a.share * (2 * b.numbered.length - 1);
      const right = b.share * (2 * a.numbered.length - 1);
      return left <= right;
    });
    const last = cell.numbered.pop();
    assert(last !== undefined, 'a filled cell has a last node');
    retired.push(last.nodeId);
  }
  return retired;
}

/** The first cell, or a later one that `isBetter` than what was picked before it. */
function pick(
  cells: readonly CellPlan[],
  isBetter: (a: CellPlan, b: CellPlan) => boolean,
): CellPlan {
  const first = cells[0];
  assert(first !== undefined, 'there is at least one cell');
  let best = first;
  for (const cell of cells) {
    if (cell !== best && isBetter(cell, best)) best = cell;
  }
  return best;
}

function groupByCell(current: readonly RosterNode[], cellsWanted: number): CellPlan[] {
  // A cell that was emptied is still one of the fleet's cells.
  const names = new Set<string>();
  for (let i = 0; i < cellsWanted; i += 1) names.add(cellName(i));
  for (const node of current) names.add(node.cell);
  const byName = new Map<string, CellPlan>();
  for (const cell of names) byName.set(cell, { cell, share: shareOf(cell), numbered: [] });
  for (const node of current) {
    const number = numberOf(node.nodeId);
    byName.get(node.cell)?.numbered.push({ nodeId: node.nodeId, number });
  }
  for (const cell of byName.values()) cell.numbered.sort((a, b) => a.number - b.number);
  return [...byName.values()];
}

function shareOf(cell: string): number {
  return NAMED_CELLS.find((named) => named.name === cell)?.share ?? NUMBERED_CELL_SHARE;
}

/** Trailing digits of the name; 0 when it has none. */
function numberOf(nodeId: NodeId): number {
  let start = nodeId.length;
  while (start > 0 && isDigit(nodeId.charCodeAt(start - 1))) start -= 1;
  const digits = nodeId.slice(start, start + 15);
  return digits === '' ? 0 : Number(digits);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
