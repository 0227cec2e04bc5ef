import { formatClock } from '../format/format.ts';
import {
  STALENESS_ROW_BOUNDS_MS,
  STALENESS_ROWS,
  type StalenessColumn,
  stalenessPosition,
} from '../state/staleness-histogram.ts';
import { mixColours } from './mix-colours.ts';
import type { Tokens } from './use-tokens.ts';

export type StalenessKind = 'lag' | 'unverified';

export interface StalenessPaint {
  readonly columns: readonly StalenessColumn[];
  readonly kind: StalenessKind;
  readonly nowMs: number;
  readonly spanMs: number;
  readonly columnMs: number;
  readonly budgetMs: number | null;
  readonly tokens: Tokens;
  readonly widthPx: number;
  readonly heightPx: number;
}

const LEFT_PX = 46;
const BOTTOM_PX = 16;
const TOP_PX = 4;
/** Labels of the scale: a row's bound stands at its upper edge, where the value lies. */
const LABELS: readonly (readonly [position: number, lag: string, unverified: string])[] = [
  [0.5, 'current', '0 s'],
  [3, '1 s', '1 s'],
  [5, '10 s', '10 s'],
  [7, '1 min', '1 min'],
  [9, '30 min', '30 min'],
  [STALENESS_ROWS - 0.5, '', 'never'],
];

/** Time × log scale of staleness; the more nodes, the stronger the colour. */
export function paintStaleness(context: CanvasRenderingContext2D, paint: StalenessPaint): void {
  const { widthPx, heightPx, tokens } = paint;
  context.clearRect(0, 0, widthPx, heightPx);
  context.font = '11px "Inter Variable", Inter, system-ui, sans-serif';
  const rowPx = (heightPx - BOTTOM_PX - TOP_PX) / STALENESS_ROWS;
  const yOf = (position: number) => heightPx - BOTTOM_PX - position * rowPx;
  paintColumns(context, paint, rowPx, yOf);
  context.fillStyle = tokens.muted;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const [position, lag, unverified] of LABELS) {
    context.fillText(paint.kind === 'lag' ? lag : unverified, LEFT_PX - 6, yOf(position));
  }
  if (paint.budgetMs !== null) {
    paintBudget(context, paint, paint.budgetMs, yOf(stalenessPosition(paint.budgetMs)));
  }
}

function paintColumns(
  context: CanvasRenderingContext2D,
  paint: StalenessPaint,
  rowPx: number,
  yOf: (position: number) => number,
): void {
  const { tokens, nowMs, spanMs, columnMs, widthPx } = paint;
  const roomPx = widthPx - LEFT_PX;
  const columnPx = (columnMs / spanMs) * roomPx;
  for (const column of paint.columns) {
    const x = LEFT_PX + (1 - (nowMs - column.atMs) / spanMs) * roomPx;
    if (x + columnPx < LEFT_PX || x > widthPx) continue;
    const counts = paint.kind === 'lag' ? column.byLag : column.byUnverified;
    for (let row = 0; row < STALENESS_ROWS; row += 1) {
      const count = counts[row] ?? 0;
      if (count === 0 || column.nodes === 0) continue;
      context.fillStyle = mixColours(
        hueOfRow(row, paint),
        tokens.surface,
        strength(count, column.nodes),
      );
      const left = Math.max(LEFT_PX, Math.floor(x));
      context.fillRect(
        left,
        Math.ceil(yOf(row + 1)),
        Math.max(1, Math.floor(x + columnPx) - left),
        Math.max(1, Math.floor(rowPx) - 1),
      );
    }
  }
}

/** One node is seen as well as all: a third of the strength at least, the rest by share. */
function strength(count: number, nodes: number): number {
  return 0.4 + 0.6 * Math.sqrt(count / nodes);
}

function hueOfRow(row: number, { kind, budgetMs, tokens }: StalenessPaint): string {
  const beginsAtMs = row === 0 ? 0 : (STALENESS_ROW_BOUNDS_MS[row - 1] ?? 0);
  if (budgetMs !== null && row > 0 && beginsAtMs >= budgetMs) return tokens['behind-4'];
  if (kind === 'lag')
    return row === 0 ? tokens.current : row < 4 ? tokens['behind-1'] : tokens['behind-2'];
  // A few heartbeats apart is as it should be.
  return beginsAtMs < 30_000 ? tokens.current : tokens['behind-2'];
}

function paintBudget(
  context: CanvasRenderingContext2D,
  paint: StalenessPaint,
  budgetMs: number,
  y: number,
): void {
  const { tokens, widthPx } = paint;
  context.strokeStyle = tokens.bad;
  context.lineWidth = 1;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(LEFT_PX, Math.round(y) + 0.5);
  context.lineTo(widthPx, Math.round(y) + 0.5);
  context.stroke();
  context.setLineDash([]);
  // At the left, where the oldest columns are, and with a halo against them.
  const words = `budget ${formatClock(budgetMs)}`;
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  context.strokeStyle = tokens.surface;
  context.lineWidth = 4;
  context.strokeText(words, LEFT_PX + 4, y - 2);
  context.fillStyle = tokens.bad;
  context.fillText(words, LEFT_PX + 4, y - 2);
}

/** Where the time axis begins, from the left of the canvas. */
export const STALENESS_LEFT_PX = LEFT_PX;
