import { useElementSize } from '@mantine/hooks';
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { assert } from '../../core/lib/assert.ts';
import { mixColours, moreReadable } from '../charts/mix-colours.ts';
import { type Tokens, useTokens } from '../charts/use-tokens.ts';
import { selectNode, useConsole } from '../state/console-store.ts';
import { CellCaptions } from './cell-captions.tsx';
import styles from './fleet-map.module.css';
import { layoutHexes } from './hex-layout.ts';
import type { MapColours } from './map-painter.ts';
import { MapScene } from './map-scene.ts';
import type { Direction } from './nearest-node.ts';
import { describeStyle, styleBucketOf, styleOfBucket } from './node-style.ts';
import { NodeTooltip } from './node-tooltip.tsx';
import { useNodePasses } from './use-node-passes.ts';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
/** How much of the hue the fill keeps when the link is lost. */
const PALE = 0.36;
/** How much of the hue the fill of a large glyph keeps inside its ring. */
const FILLED = 0.8;

/** The fleet as a map: cells as groups of hexes, as large as the room allows. */
export function FleetMap() {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const roster = useConsole((state) => state.roster);
  const layout = useMemo(() => {
    const nodesByCell = new Array<number>(roster?.cells.length ?? 0).fill(0);
    for (const cell of roster?.cellOf ?? []) nodesByCell[cell] = (nodesByCell[cell] ?? 0) + 1;
    return layoutHexes(nodesByCell, { widthPx: width, heightPx: height });
  }, [roster, width, height]);
  const { base, overlay, scene } = useScene();
  const [hovered, setHovered] = useState<number | null>(null);

  useEffect(() => {
    if (roster !== null) scene.current?.setLayout(roster, layout, width, height);
  }, [scene, roster, layout, width, height]);
  useEffect(() => scene.current?.setHovered(hovered), [scene, hovered]);

  const nodeUnder = (event: MouseEvent<HTMLDivElement>): number | null => {
    const box = base.current?.getBoundingClientRect();
    if (box === undefined) return null;
    return scene.current?.nodeAt(event.clientX - box.left, event.clientY - box.top) ?? null;
  };
  const nodeIdOf = (node: number | null) =>
    node === null ? null : (roster?.nodeIds[node] ?? null);

  return (
    <div className={styles.room}>
      <NodeListbox
        scene={scene}
        pointing={hovered !== null}
        onPointerMove={(event) => setHovered(nodeUnder(event))}
        onPointerLeave={() => setHovered(null)}
        onClick={(event) => selectNode(nodeIdOf(nodeUnder(event)))}
      >
        <div className={styles.stage} aria-hidden="true">
          <canvas ref={base} className={styles.canvas} />
          <canvas ref={overlay} className={styles.outlines} />
        </div>
      </NodeListbox>
      <div ref={ref} className={styles.stage}>
        {roster !== null && <CellCaptions roster={roster} boxes={layout.boxes} widthPx={width} />}
        {hovered !== null && scene.current !== null && (
          <NodeTooltip
            node={hovered}
            centre={scene.current.centreOf(hovered)}
            radiusPx={layout.radiusPx}
            widthPx={width}
            heightPx={height}
          />
        )}
      </div>
      {roster !== null && roster.nodeIds.length === 0 && (
        <p className={styles.empty}>The fleet has no nodes. Resize it to provision some.</p>
      )}
    </div>
  );
}

function useScene() {
  const base = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const scene = useRef<MapScene | null>(null);
  const tokens = useTokens();
  const passes = useNodePasses();
  useEffect(() => {
    assert(base.current !== null && overlay.current !== null, 'both canvases are drawn');
    const made = new MapScene(base.current, overlay.current);
    scene.current = made;
    const show = (state: ReturnType<typeof useConsole.getState>) => {
      if (state.frame !== null) made.setFrame(state.frame);
      made.setSelected(state.selectedNodeId);
    };
    const stop = useConsole.subscribe((state, before) => {
      if (state.frame !== before.frame && state.frame !== null) made.setFrame(state.frame);
      if (state.selectedNodeId !== before.selectedNodeId || state.roster !== before.roster) {
        // After the roster's own effect, so that the node is known.
        queueMicrotask(() => made.setSelected(useConsole.getState().selectedNodeId));
      }
    });
    queueMicrotask(() => show(useConsole.getState()));
    return () => {
      stop();
      made.dispose();
      scene.current = null;
    };
  }, []);
  useEffect(() => scene.current?.setColours(coloursOf(tokens)), [tokens]);
  useEffect(() => scene.current?.setPasses(passes), [passes]);
  return { base, overlay, scene };
}

function coloursOf(tokens: Tokens): MapColours {
  const hues = [
    tokens.current,
    tokens['behind-1'],
    tokens['behind-2'],
    tokens['behind-4'],
  ] as const;
  const all = (share: number) => {
    const [a, b, c, d] = hues;
    const mix = (hue: string) => mixColours(hue, tokens.bg, share);
    return [mix(a), mix(b), mix(c), mix(d)] as const;
  };
  const filled = all(FILLED);
  const onHue = (fill: string) => moreReadable(fill, tokens.text, tokens.bg);
  return {
    surface: tokens.bg,
    text: tokens.text,
    onHue: [onHue(filled[0]), onHue(filled[1]), onHue(filled[2]), onHue(filled[3])],
    muted: tokens.muted,
    action: tokens.action,
    bad: tokens.bad,
    ahead: tokens['control-plane'],
    hues,
    filled,
    pale: all(PALE),
  };
}

/** The map for the keyboard and for screen readers: a list box whose one option is where you are. */
function NodeListbox(props: {
  readonly scene: { readonly current: MapScene | null };
  readonly children: React.ReactNode;
  readonly pointing: boolean;
  onPointerMove(event: PointerEvent<HTMLDivElement>): void;
  onPointerLeave(): void;
  onClick(event: MouseEvent<HTMLDivElement>): void;
}) {
  const roster = useConsole((state) => state.roster);
  const selected = useConsole((state) => state.selectedNodeId);
  const words = useConsole((state) => {
    const at = selected === null ? -1 : (state.roster?.nodeIds.indexOf(selected) ?? -1);
    const { frame } = state;
    if (at === -1 || frame === null) return '';
    return describeStyle(styleOfBucket(styleBucketOf(frame, at)));
  });
  const index = selected === null ? -1 : (roster?.nodeIds.indexOf(selected) ?? -1);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextNode(props.scene.current, index, event.key);
    if (next === undefined) return;
    event.preventDefault();
    const nodeId = next === null ? null : (roster?.nodeIds[next] ?? null);
    if (event.key === 'Escape') selectNode(null);
    else if (nodeId !== null) selectNode(nodeId);
  };
  return (
    <div
      className={styles.listbox}
      data-pointing={props.pointing}
      role="listbox"
      tabIndex={0}
      aria-label={`Map of ${roster?.nodeIds.length ?? 0} nodes. Arrow keys move from node to node, Page Up and Page Down from cell to cell.`}
      aria-activedescendant={index === -1 ? undefined : 'fleet-map-option'}
      onKeyDown={onKeyDown}
      onPointerMove={props.onPointerMove}
      onPointerLeave={props.onPointerLeave}
      onClick={props.onClick}
    >
      {props.children}
      <div
        id="fleet-map-option"
        role="option"
        tabIndex={-1}
        className="hf-hidden"
        aria-selected={index !== -1}
        aria-posinset={index === -1 ? 1 : index + 1}
        aria-setsize={Math.max(1, roster?.nodeIds.length ?? 1)}
      >
        {selected === null ? 'No node selected' : `${selected}, ${words}`}
      </div>
    </div>
  );
}

/** Undefined: the key means nothing here. Null: there is no node that way. */
function nextNode(scene: MapScene | null, index: number, key: string): number | null | undefined {
  if (scene === null) return undefined;
  if (key === 'Escape') return null;
  const direction = DIRECTIONS[key];
  const ends = scene.ends();
  if (key === 'Home' || (index === -1 && direction !== undefined)) return ends?.[0] ?? null;
  if (key === 'End') return ends?.[1] ?? null;
  if (index === -1) return undefined;
  if (key === 'PageDown') return scene.cellStep(index, 1);
  if (key === 'PageUp') return scene.cellStep(index, -1);
  return direction === undefined ? undefined : scene.neighbourOf(index, direction);
}
