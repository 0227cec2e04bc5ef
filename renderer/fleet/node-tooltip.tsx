import { formatCount } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { nodeWords } from './describe-node.ts';
import { describeStyle, styleBucketOf, styleOfBucket } from './node-style.ts';
import styles from './node-tooltip.module.css';
import { StateWord } from './state-word.tsx';

const WIDTH_PX = 272;
const HEIGHT_PX = 132;
const MARGIN_PX = 10;

/** What the frame says of the node that is pointed at. */
export function NodeTooltip(props: {
  readonly node: number;
  readonly centre: readonly [number, number];
  readonly radiusPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}) {
  const { node, centre, radiusPx, widthPx, heightPx } = props;
  const frame = useConsole((state) => state.frame);
  const nodeId = useConsole((state) => state.roster?.nodeIds[node]);
  if (frame === null || nodeId === undefined || node >= frame.nodes) return null;
  const words = nodeWords(frame, node);
  const style = styleOfBucket(styleBucketOf(frame, node));
  const lag = frame.lagRevisions[node] ?? 0;
  const [x, y] = centre;
  const right = x + radiusPx + MARGIN_PX;
  const left = right + WIDTH_PX > widthPx ? x - radiusPx - MARGIN_PX - WIDTH_PX : right;
  const top = Math.max(0, Math.min(heightPx - HEIGHT_PX, y - HEIGHT_PX / 2));
  return (
    <div
      className={styles.tooltip}
      style={{ left: Math.max(0, left), top, width: WIDTH_PX }}
      aria-hidden="true"
    >
      <div className={styles.head}>
        <code className="hf-strong">{nodeId}</code>
      </div>
      <StateWord style={style}>{describeStyle(style, lag)}</StateWord>
      <dl className={styles.rows}>
        <dt>Serving</dt>
        <dd>
          <code>{words.serving}</code>, from {words.source}
        </dd>
        <dt>Control link</dt>
        <dd>
          {words.link}, unverified {words.unverified}
        </dd>
        <dt>Requests</dt>
        <dd>
          {formatCount(frame.requests[node] ?? 0)} / s
          {(frame.failures[node] ?? 0) > 0 && `, ${formatCount(frame.failures[node] ?? 0)} failed`}
        </dd>
        {lag > 0 && (
          <>
            <dt>Believed</dt>
            <dd>{words.sync}</dd>
          </>
        )}
      </dl>
    </div>
  );
}
