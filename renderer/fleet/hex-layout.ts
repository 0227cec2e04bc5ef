/**
 * Packs cells of hexes into a room. Cells stand in rows in their given order; every cell of a row
 * has the same number of hex rows, so that widths follow the number of nodes and no room is lost
 * to the largest. The pitch is the largest with which everything fits.
 */

export interface HexRoom {
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface CellBox {
  /** Index of the cell in the roster. */
  readonly cell: number;
  readonly nodes: number;
  /** Caption and hexes together. */
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Top left of the hexes' bounding box. */
  readonly hexX: number;
  readonly hexY: number;
  /** Hexes in one row. */
  readonly columns: number;
}

export interface HexLayout {
  /** Distance between neighbours in a row. */
  readonly pitchPx: number;
  /** Centre to corner of the drawn hex. */
  readonly radiusPx: number;
  readonly boxes: readonly CellBox[];
}

export const CAPTION_PX = 24;
/** Narrower than this a caption says nothing. */
const CAPTION_WIDTH_MIN_PX = 132;
const GAP_X_PX = 20;
const GAP_Y_PX = 14;
export const PITCH_MAX_PX = 160;
const PITCH_MIN_PX = 3;
const ROW_PITCH = 0.8660254;
const INVERSE_SQRT3 = 0.57735027;
const SPREAD_MAX_PX = 12;
const SEARCH_STEPS = 28;
/** A layout of squarer cells is taken when its hexes are at most this much smaller. */
const SQUARE_ALLOWANCE = 0.97;

interface Fit {
  readonly pitchPx: number;
  readonly rows: readonly (readonly number[])[];
}

/** Places every cell; `nodesByCell[c]` is the number of nodes of cell c. Empty cells keep a caption. */
export function layoutHexes(nodesByCell: readonly number[], room: HexRoom): HexLayout {
  const cells = nodesByCell.map((_, cell) => cell);
  if (cells.length === 0 || room.widthPx <= 0 || room.heightPx <= 0) {
    return { pitchPx: 0, radiusPx: 0, boxes: [] };
  }
  let best: Fit | null = null;
  for (let rowCount = 1; rowCount <= Math.min(cells.length, 16); rowCount += 1) {
    const rows = splitEvenly(nodesByCell, rowCount);
    const pitchPx = largestPitch(rows, nodesByCell, room);
    const aim = Math.sqrt((cells.length * room.heightPx) / room.widthPx);
    const closer = best !== null && Math.abs(rows.length - aim) < Math.abs(best.rows.length - aim);
    const factor = closer ? SQUARE_ALLOWANCE : 1 / SQUARE_ALLOWANCE;
    if (best === null || pitchPx > best.pitchPx * factor) best = { pitchPx, rows };
  }
  return best === null ? { pitchPx: 0, radiusPx: 0, boxes: [] } : place(best, nodesByCell, room);
}

/** How far each cell's caption may run: to the next cell of its row, or to the end of the room. */
export function captionRooms(boxes: readonly CellBox[], widthPx: number): readonly number[] {
  return boxes.map((box, i) => {
    const next = boxes[i + 1];
    const end = next !== undefined && next.y === box.y ? next.x - GAP_X_PX : widthPx;
    return Math.max(box.widthPx, end - box.x);
  });
}

/** Centre of a cell's slot, counted row by row. */
export function slotCentre(
  box: Pick<CellBox, 'hexX' | 'hexY' | 'columns'>,
  pitchPx: number,
  slot: number,
): readonly [number, number] {
  const row = Math.floor(slot / box.columns);
  const column = slot - row * box.columns;
  const shift = row % 2 === 1 ? pitchPx / 2 : 0;
  return [
    box.hexX + pitchPx / 2 + shift + column * pitchPx,
    box.hexY + pitchPx * INVERSE_SQRT3 + row * pitchPx * ROW_PITCH,
  ];
}

/** The slot of a cell under a point, or null. The nearest centre wins, within the pitch. */
export function slotAt(box: CellBox, pitchPx: number, x: number, y: number): number | null {
  const rowGuess = Math.round((y - box.hexY - pitchPx * INVERSE_SQRT3) / (pitchPx * ROW_PITCH));
  let found: number | null = null;
  let nearest = (pitchPx * pitchPx) / 3;
  for (let row = rowGuess - 1; row <= rowGuess + 1; row += 1) {
    if (row < 0) continue;
    const shift = row % 2 === 1 ? pitchPx / 2 : 0;
    const column = Math.round((x - box.hexX - pitchPx / 2 - shift) / pitchPx);
    if (column < 0 || column >= box.columns) continue;
    const slot = row * box.columns + column;
    if (slot >= box.nodes) continue;
    const [cx, cy] = slotCentre(box, pitchPx, slot);
    const distance = (cx - x) * (cx - x) + (cy - y) * (cy - y);
    if (distance < nearest) {
      nearest = distance;
      found = slot;
    }
  }
  return found;
}

/** Cuts the cells, in order, into rows of about as many nodes each. */
function splitEvenly(nodesByCell: readonly number[], rowCount: number): number[][] {
  const total = nodesByCell.reduce((sum, nodes) => sum + Math.max(1, nodes), 0);
  const rows: number[][] = [[]];
  let before = 0;
  nodesByCell.forEach((nodes, cell) => {
    const middle = before + Math.max(1, nodes) / 2;
    const row = Math.min(rowCount - 1, Math.floor((middle / total) * rowCount));
    const current = rows.at(-1);
    if (current !== undefined && current.length > 0 && row > rows.length - 1) rows.push([cell]);
    else current?.push(cell);
    before += Math.max(1, nodes);
  });
  return rows;
}

function largestPitch(
  rows: readonly (readonly number[])[],
  nodesByCell: readonly number[],
  room: HexRoom,
): number {
  let low = PITCH_MIN_PX;
  let high = PITCH_MAX_PX;
  if (fits(rows, nodesByCell, room, high)) return high;
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (fits(rows, nodesByCell, room, middle)) low = middle;
    else high = middle;
  }
  return low;
}

function fits(
  rows: readonly (readonly number[])[],
  nodesByCell: readonly number[],
  room: HexRoom,
  pitchPx: number,
): boolean {
  let height = GAP_Y_PX * (rows.length - 1);
  for (const row of rows) {
    const hexRows = hexRowsNeeded(row, nodesByCell, room.widthPx, pitchPx);
    if (hexRows === null) return false;
    height += CAPTION_PX + hexHeight(hexRows, pitchPx);
    if (height > room.heightPx) return false;
  }
  return true;
}

/** Fewest hex rows with which the cells of a row stand side by side; null when none suffices. */
function hexRowsNeeded(
  row: readonly number[],
  nodesByCell: readonly number[],
  widthPx: number,
  pitchPx: number,
): number | null {
  const most = row.reduce((max, cell) => Math.max(max, nodesByCell[cell] ?? 0), 1);
  if (rowWidth(row, nodesByCell, most, pitchPx) > widthPx) return null;
  let low = 1;
  let high = most;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rowWidth(row, nodesByCell, middle, pitchPx) <= widthPx) high = middle;
    else low = middle + 1;
  }
  return low;
}

function rowWidth(
  row: readonly number[],
  nodesByCell: readonly number[],
  hexRows: number,
  pitchPx: number,
): number {
  let width = GAP_X_PX * (row.length - 1);
  for (const cell of row) width += cellWidth(nodesByCell[cell] ?? 0, hexRows, pitchPx);
  return width;
}

function cellWidth(nodes: number, hexRows: number, pitchPx: number): number {
  return Math.max(CAPTION_WIDTH_MIN_PX, hexWidth(columnsFor(nodes, hexRows), hexRows, pitchPx));
}

function columnsFor(nodes: number, hexRows: number): number {
  return Math.max(1, Math.ceil(nodes / hexRows));
}

function hexWidth(columns: number, hexRows: number, pitchPx: number): number {
  return (columns + (hexRows > 1 ? 0.5 : 0)) * pitchPx;
}

function hexHeight(hexRows: number, pitchPx: number): number {
  return pitchPx * (2 * INVERSE_SQRT3 + (hexRows - 1) * ROW_PITCH);
}

function place(fit: Fit, nodesByCell: readonly number[], room: HexRoom): HexLayout {
  const { pitchPx } = fit;
  const boxes: CellBox[] = [];
  let y = 0;
  for (const row of fit.rows) {
    const hexRows = hexRowsNeeded(row, nodesByCell, room.widthPx, pitchPx) ?? 1;
    const heightPx = CAPTION_PX + hexHeight(hexRows, pitchPx);
    const spare = room.widthPx - rowWidth(row, nodesByCell, hexRows, pitchPx);
    // A few pixels are spread between the cells; more would tear them apart.
    const extra =
      row.length > 1 && spare <= SPREAD_MAX_PX * (row.length - 1) ? spare / (row.length - 1) : 0;
    let x = 0;
    for (const cell of row) {
      const nodes = nodesByCell[cell] ?? 0;
      const widthPx = cellWidth(nodes, hexRows, pitchPx);
      const columns = columnsFor(nodes, hexRows);
      boxes.push({ cell, nodes, x, y, widthPx, heightPx, hexX: x, hexY: y + CAPTION_PX, columns });
      x += widthPx + GAP_X_PX + extra;
    }
    y += heightPx + GAP_Y_PX;
  }
  const gap = Math.min(5, Math.max(1, pitchPx * 0.1));
  return { pitchPx, radiusPx: (pitchPx - gap) * INVERSE_SQRT3, boxes };
}
