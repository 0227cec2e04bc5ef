import type { FleetFrame } from '../../core/fleet/frame.ts';
import { type NodeStyle, STYLE_BUCKETS, styleBucketOf, styleOfBucket } from './node-style.ts';

/** Colours of the glyphs, read from the theme. */
export interface MapColours {
  readonly surface: string;
  readonly text: string;
  /** Text on a filled glyph, by lag class. */
  readonly onHue: readonly [string, string, string, string];
  readonly muted: string;
  readonly action: string;
  readonly bad: string;
  readonly ahead: string;
  /** By lag class. */
  readonly hues: readonly [string, string, string, string];
  /** The same, a little calmer: fill of a large glyph inside its ring. */
  readonly filled: readonly [string, string, string, string];
  /** The same, paler: fill of a node whose link is lost. */
  readonly pale: readonly [string, string, string, string];
}

export interface PaintInput {
  readonly frame: FleetFrame;
  /** Centres by node. */
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  readonly radiusPx: number;
  readonly colours: MapColours;
  /** Glyphs carry their names: marks make room for them below. */
  readonly labelled: boolean;
  /** 1 for nodes that pass the filter; null: all. */
  readonly passes: Uint8Array | null;
}

/** Corners of a hex with a corner on top, clockwise from the top. */
const CORNER_X = [0, 0.8660254, 0.8660254, 0, -0.8660254, -0.8660254] as const;
const CORNER_Y = [-1, -0.5, 0.5, 1, 0.5, -0.5] as const;
/** Below this radius marks inside a glyph would be dirt. */
const MARK_RADIUS_MIN_PX = 3.4;
/** Beside a name a mark needs no more than this. */
const MARK_PX_MAX = 22;
/** From this radius on a whole ring can be told from the fill. */
const RING_RADIUS_MIN_PX = 7;
/**
 * Closed figures in one path. The cost of a path grows with the square of their number: 10,000 in
 * one take a second, in paths of 32 less than 3 ms.
 */
const HEXES_PER_PATH = 32;
const DIMMED = 0.16;

const counts = new Uint32Array(STYLE_BUCKETS + 1);
let sorted = new Uint32Array(0);
let buckets = new Uint8Array(0);

/** Draws every node, style by style, so that the colours are set once for each. */
export function paintNodes(context: CanvasRenderingContext2D, input: PaintInput): void {
  const { frame, passes } = input;
  sortByBucket(frame);
  let from = 0;
  for (let bucket = 0; bucket < STYLE_BUCKETS; bucket += 1) {
    const to = from + (counts[bucket] ?? 0);
    if (to === from) continue;
    const style = styleOfBucket(bucket);
    if (passes === null) {
      paintStyle(context, input, style, sorted.subarray(from, to));
    } else {
      const nodes = sorted.subarray(from, to);
      const out = nodes.filter((node) => passes[node] !== 1);
      context.globalAlpha = DIMMED;
      if (out.length > 0) paintStyle(context, input, style, out);
      context.globalAlpha = 1;
      if (out.length < nodes.length) {
        paintStyle(
          context,
          input,
          style,
          nodes.filter((node) => passes[node] === 1),
        );
      }
    }
    from = to;
  }
}

function sortByBucket(frame: FleetFrame): void {
  if (sorted.length !== frame.nodes) {
    sorted = new Uint32Array(frame.nodes);
    buckets = new Uint8Array(frame.nodes);
  }
  counts.fill(0);
  for (let i = 0; i < frame.nodes; i += 1) {
    const bucket = styleBucketOf(frame, i);
    buckets[i] = bucket;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const next = new Uint32Array(STYLE_BUCKETS);
  for (let b = 1; b < STYLE_BUCKETS; b += 1) next[b] = (next[b - 1] ?? 0) + (counts[b - 1] ?? 0);
  for (let i = 0; i < frame.nodes; i += 1) {
    const bucket = buckets[i] ?? 0;
    const at = next[bucket] ?? 0;
    sorted[at] = i;
    next[bucket] = at + 1;
  }
}

function paintStyle(
  context: CanvasRenderingContext2D,
  input: PaintInput,
  style: NodeStyle,
  nodes: Uint32Array,
): void {
  const { colours, radiusPx } = input;
  const hue = style.ahead ? colours.ahead : colours.hues[style.lag];
  const line = Math.min(2, Math.max(1, radiusPx * 0.12));
  if (style.health === 'down') {
    // Hollow, and red: nobody is served here, whatever the node holds.
    context.strokeStyle = colours.bad;
    context.lineWidth = Math.min(2.5, Math.max(1.2, radiusPx * 0.2));
    drawHexes(context, input, nodes, radiusPx - context.lineWidth / 2, 'stroke');
    return;
  }
  if (style.link === 'connected') {
    const ringed = radiusPx >= RING_RADIUS_MIN_PX;
    context.fillStyle = ringed && !style.ahead ? colours.filled[style.lag] : hue;
    drawHexes(context, input, nodes, radiusPx, 'fill');
    if (ringed) {
      context.strokeStyle = hue;
      context.lineWidth = line;
      drawHexes(context, input, nodes, radiusPx - line / 2, 'stroke');
    }
  } else {
    context.fillStyle = style.ahead ? colours.surface : colours.pale[style.lag];
    drawHexes(context, input, nodes, radiusPx, 'fill');
    context.strokeStyle = hue;
    context.lineWidth = line;
    traceBrokenRing(context, input, nodes, radiusPx - line / 2, style.link === 'lost');
    context.stroke();
  }
  paintMarks(context, input, style, nodes);
}

/** Hue is doubled by a mark: bars for revisions behind, × for rejected, a caret for ahead. */
function paintMarks(
  context: CanvasRenderingContext2D,
  input: PaintInput,
  style: NodeStyle,
  nodes: Uint32Array,
): void {
  const { colours, labelled, xs, ys } = input;
  if (input.radiusPx < MARK_RADIUS_MIN_PX) return;
  const r = labelled ? Math.min(input.radiusPx * 0.4, MARK_PX_MAX) : input.radiusPx;
  const shift = labelled ? input.radiusPx * 0.56 : 0;
  const connected = style.link === 'connected';
  context.strokeStyle = connected
    ? colours.surface
    : style.ahead
      ? colours.ahead
      : colours.hues[style.lag];
  context.lineWidth = Math.min(2.5, Math.max(1, r * 0.17));
  context.beginPath();
  for (const node of nodes) {
    const x = xs[node] ?? 0;
    const y = (ys[node] ?? 0) + shift;
    if (style.rejected) {
      const a = r * 0.34;
      context.moveTo(x - a, y - a);
      context.lineTo(x + a, y + a);
      context.moveTo(x + a, y - a);
      context.lineTo(x - a, y + a);
    } else if (style.ahead) {
      context.moveTo(x - r * 0.4, y + r * 0.2);
      context.lineTo(x, y - r * 0.28);
      context.lineTo(x + r * 0.4, y + r * 0.2);
    } else if (style.lag > 0) {
      traceBars(context, x, y, r, style.lag);
    } else if (style.health === 'degraded') {
      context.moveTo(x + r * 0.3, y);
      context.arc(x, y, r * 0.3, 0, 6.2832);
    }
  }
  context.stroke();
}

function traceBars(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  r: number,
  bars: number,
): void {
  const half = r * 0.42;
  const step = r * 0.42;
  for (let bar = 0; bar < bars; bar += 1) {
    const at = y + (bar - (bars - 1) / 2) * step;
    context.moveTo(x - half, at);
    context.lineTo(x + half, at);
  }
}

/** Fills or strokes the hexes of many nodes, a path for a few at a time. */
function drawHexes(
  context: CanvasRenderingContext2D,
  { xs, ys }: PaintInput,
  nodes: Uint32Array,
  radius: number,
  draw: 'fill' | 'stroke',
): void {
  const dx = radius * CORNER_X[1];
  const dy = radius * 0.5;
  for (let from = 0; from < nodes.length; from += HEXES_PER_PATH) {
    context.beginPath();
    const to = Math.min(nodes.length, from + HEXES_PER_PATH);
    for (let i = from; i < to; i += 1) {
      const node = nodes[i] ?? 0;
      const x = xs[node] ?? 0;
      const y = ys[node] ?? 0;
      context.moveTo(x, y - radius);
      context.lineTo(x + dx, y - dy);
      context.lineTo(x + dx, y + dy);
      context.lineTo(x, y + radius);
      context.lineTo(x - dx, y + dy);
      context.lineTo(x - dx, y - dy);
      context.closePath();
    }
    if (draw === 'fill') context.fill();
    else context.stroke();
  }
}

/**
 * A ring with gaps, as geometry: dashes of the canvas cost several times as much. Lost: each side's
 * middle is drawn. Connecting: three whole sides.
 */
function traceBrokenRing(
  context: CanvasRenderingContext2D,
  { xs, ys }: PaintInput,
  nodes: Uint32Array,
  radius: number,
  lost: boolean,
): void {
  context.beginPath();
  for (const node of nodes) {
    const x = xs[node] ?? 0;
    const y = ys[node] ?? 0;
    for (let side = 0; side < 6; side += lost ? 1 : 2) {
      const next = (side + 1) % 6;
      const ax = (CORNER_X[side] ?? 0) * radius;
      const ay = (CORNER_Y[side] ?? 0) * radius;
      const bx = (CORNER_X[next] ?? 0) * radius;
      const by = (CORNER_Y[next] ?? 0) * radius;
      const cut = lost ? 0.24 : 0;
      context.moveTo(x + ax + (bx - ax) * cut, y + ay + (by - ay) * cut);
      context.lineTo(x + bx - (bx - ax) * cut, y + by - (by - ay) * cut);
    }
  }
}

/** A hex outline round one node, for what is selected or pointed at. */
export function paintOutline(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radiusPx: number,
  colour: string,
  halo: string,
): void {
  const radius = radiusPx + 2.5;
  context.beginPath();
  for (let corner = 0; corner < 6; corner += 1) {
    const cx = x + (CORNER_X[corner] ?? 0) * radius;
    const cy = y + (CORNER_Y[corner] ?? 0) * radius;
    if (corner === 0) context.moveTo(cx, cy);
    else context.lineTo(cx, cy);
  }
  context.closePath();
  context.strokeStyle = halo;
  context.lineWidth = 4;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.stroke();
}
