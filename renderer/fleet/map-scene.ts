import type { NodeId } from '../../core/config/ids.ts';
import type { FleetFrame } from '../../core/fleet/frame.ts';
import type { RosterMessage } from '../../core/protocol/console-model.ts';
import { fitCanvas } from '../charts/fit-canvas.ts';
import { formatRevision } from '../format/format.ts';
import { type HexLayout, slotAt, slotCentre } from './hex-layout.ts';
import { type MapColours, paintNodes, paintOutline } from './map-painter.ts';
import { type Direction, nearestInDirection } from './nearest-node.ts';
import { NodeOrder } from './node-order.ts';
import { styleBucketOf, styleOfBucket } from './node-style.ts';

/** The outlines' canvas is larger by this on each side, so that none is cut; as in the style sheet. */
const MARGIN_PX = 6;
/** From this pitch on a glyph has room for its name. */
const LABEL_PITCH_MIN_PX = 66;
/** From this pitch on its name is written larger. */
const LARGE_PITCH_PX = 104;

/**
 * The map on its two canvases: nodes below, outlines above, so that pointing at a node does not
 * redraw the fleet. Draws in animation frames, and only when something has changed.
 */
export class MapScene {
  readonly #base: HTMLCanvasElement;
  readonly #overlay: HTMLCanvasElement;
  #roster: RosterMessage | null = null;
  #layout: HexLayout = { pitchPx: 0, radiusPx: 0, boxes: [] };
  #room = { widthPx: 0, heightPx: 0 };
  #order: NodeOrder | null = null;
  #frame: FleetFrame | null = null;
  #passes: Uint8Array | null = null;
  #colours: MapColours | null = null;
  #xs = new Float32Array(0);
  #ys = new Float32Array(0);
  #selected: number | null = null;
  #hovered: number | null = null;
  #baseDirty = false;
  #overlayDirty = false;
  #request = 0;

  constructor(base: HTMLCanvasElement, overlay: HTMLCanvasElement) {
    this.#base = base;
    this.#overlay = overlay;
  }

  /** Stops drawing. */
  dispose(): void {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
  }

  setLayout(roster: RosterMessage, layout: HexLayout, widthPx: number, heightPx: number): void {
    if (this.#order === null || this.#roster !== roster) {
      this.#order = new NodeOrder(roster);
      this.#roster = roster;
      if (this.#frame !== null) this.#order.update(this.#frame);
    }
    this.#layout = layout;
    this.#room = { widthPx, heightPx };
    this.#placeNodes();
    this.#invalidate(true);
  }

  setFrame(frame: FleetFrame): void {
    this.#frame = frame;
    if (this.#order?.update(frame) === true) this.#placeNodes();
    this.#invalidate(true);
  }

  setPasses(passes: Uint8Array | null): void {
    this.#passes = passes;
    this.#invalidate(true);
  }

  setColours(colours: MapColours): void {
    this.#colours = colours;
    this.#invalidate(true);
  }

  setSelected(nodeId: NodeId | null): void {
    const at = nodeId === null ? -1 : (this.#roster?.nodeIds.indexOf(nodeId) ?? -1);
    this.#selected = at === -1 ? null : at;
    this.#invalidate(false);
  }

  setHovered(node: number | null): void {
    if (this.#hovered === node) return;
    this.#hovered = node;
    this.#invalidate(false);
  }

  /** Index of the node under a point, or null. */
  nodeAt(x: number, y: number): number | null {
    const order = this.#order;
    if (order === null) return null;
    for (const box of this.#layout.boxes) {
      if (x < box.x || x > box.x + box.widthPx || y < box.hexY || y > box.y + box.heightPx)
        continue;
      const slot = slotAt(box, this.#layout.pitchPx, x, y);
      if (slot === null) continue;
      return order.nodeOfSlot[(order.cellStart[box.cell] ?? 0) + slot] ?? null;
    }
    return null;
  }

  /** Centre of a node, in CSS pixels. */
  centreOf(node: number): readonly [number, number] {
    return [this.#xs[node] ?? 0, this.#ys[node] ?? 0];
  }

  /** The next node that way, or null at the edge. */
  neighbourOf(node: number, direction: Direction): number | null {
    return nearestInDirection(this.#xs, this.#ys, node, direction);
  }

  /** First and last node of the map as it is drawn. */
  ends(): readonly [number, number] | null {
    const slots = this.#order?.nodeOfSlot;
    const first = slots?.[0];
    const last = slots?.at(-1);
    return first === undefined || last === undefined ? null : [first, last];
  }

  /** The first node of the cell before or after that of the node. */
  cellStep(node: number, step: 1 | -1): number | null {
    const order = this.#order;
    const cell = this.#roster?.cellOf[node];
    if (order === null || cell === undefined) return null;
    const slot = order.cellStart[cell + step];
    const end = order.cellStart[cell + step + 1];
    return slot === undefined || end === undefined || slot === end
      ? null
      : (order.nodeOfSlot[slot] ?? null);
  }

  #placeNodes(): void {
    const order = this.#order;
    if (order === null) return;
    if (this.#xs.length !== order.nodeOfSlot.length) {
      this.#xs = new Float32Array(order.nodeOfSlot.length);
      this.#ys = new Float32Array(order.nodeOfSlot.length);
    }
    for (const box of this.#layout.boxes) {
      const start = order.cellStart[box.cell] ?? 0;
      for (let slot = 0; slot < box.nodes; slot += 1) {
        const node = order.nodeOfSlot[start + slot];
        if (node === undefined) continue;
        const [x, y] = slotCentre(box, this.#layout.pitchPx, slot);
        this.#xs[node] = x;
        this.#ys[node] = y;
      }
    }
  }

  #invalidate(base: boolean): void {
    this.#baseDirty ||= base;
    this.#overlayDirty = true;
    if (this.#request === 0) this.#request = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#request = 0;
    if (this.#colours === null) return;
    if (this.#baseDirty) this.#drawBase(this.#colours);
    if (this.#overlayDirty) this.#drawOverlay(this.#colours);
    this.#baseDirty = false;
    this.#overlayDirty = false;
  }

  #drawBase(colours: MapColours): void {
    const { widthPx, heightPx } = this.#room;
    const context = fitCanvas(this.#base, widthPx, heightPx);
    if (context === null) return;
    context.clearRect(0, 0, widthPx, heightPx);
    const frame = this.#frame;
    // Between two rosters the frame does not yet say anything of these nodes.
    if (frame === null || frame.rosterVersion !== this.#roster?.rosterVersion) return;
    const labelled = this.#layout.pitchPx >= LABEL_PITCH_MIN_PX;
    performance.mark('holdfast:map-start');
    paintNodes(context, {
      frame,
      xs: this.#xs,
      ys: this.#ys,
      radiusPx: this.#layout.radiusPx,
      colours,
      passes: this.#passes,
      labelled,
    });
    if (labelled) this.#drawNames(context, frame, colours);
    performance.measure('holdfast:map', 'holdfast:map-start');
    performance.clearMarks('holdfast:map-start');
    performance.clearMeasures('holdfast:map');
  }

  #drawNames(context: CanvasRenderingContext2D, frame: FleetFrame, colours: MapColours): void {
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const radius = this.#layout.radiusPx;
    const textPx = this.#layout.pitchPx >= LARGE_PITCH_PX ? 14 : 11;
    for (let node = 0; node < frame.nodes; node += 1) {
      const style = styleOfBucket(styleBucketOf(frame, node));
      const solid = style.health !== 'down' && style.link === 'connected';
      context.fillStyle = solid ? colours.onHue[style.lag] : colours.text;
      const [x, y] = this.centreOf(node);
      const name = this.#roster?.nodeIds[node]?.split('/')[1] ?? '';
      context.font = `500 ${textPx}px "JetBrains Mono Variable", monospace`;
      context.fillText(formatRevision(frame.servingRevision[node] ?? 0), x, y + radius * 0.1);
      context.font = `${textPx - 1}px "JetBrains Mono Variable", monospace`;
      context.fillText(name, x, y - radius * 0.28, this.#layout.pitchPx - 8);
    }
  }

  #drawOverlay(colours: MapColours): void {
    const { widthPx, heightPx } = this.#room;
    const context = fitCanvas(this.#overlay, widthPx + 2 * MARGIN_PX, heightPx + 2 * MARGIN_PX);
    if (context === null) return;
    context.clearRect(0, 0, widthPx + 2 * MARGIN_PX, heightPx + 2 * MARGIN_PX);
    context.translate(MARGIN_PX, MARGIN_PX);
    const radius = this.#layout.radiusPx;
    if (this.#hovered !== null && this.#hovered !== this.#selected) {
      const [x, y] = this.centreOf(this.#hovered);
      paintOutline(context, x, y, radius, colours.muted, colours.surface);
    }
    if (this.#selected !== null) {
      const [x, y] = this.centreOf(this.#selected);
      paintOutline(context, x, y, Math.max(radius, 4), colours.text, colours.surface);
    }
  }
}
