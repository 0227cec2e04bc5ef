import { SegmentedControl } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { formatMinute, formatNodes } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import {
  STALENESS_COLUMN_MS,
  STALENESS_SPAN_MS,
  stalenessColumns,
} from '../state/staleness-record.ts';
import { fitCanvas } from './fit-canvas.ts';
import panel from './panel.module.css';
import { Panel } from './panel.tsx';
import { paintStaleness, STALENESS_LEFT_PX, type StalenessKind } from './staleness-painter.ts';
import styles from './staleness-panel.module.css';
import { useTokens } from './use-tokens.ts';
import { useTurn } from './use-turn.ts';

/** How stale the fleet was over the last ten minutes. In an outage only the unverified time moves. */
export function StalenessPanel() {
  const [kind, setKind] = useState<StalenessKind>('unverified');
  const overBudget = useConsole((state) => state.status?.staleness.overBudget ?? 0);
  const lagMs = useConsole((state) => state.status?.staleness.budget.lagMs ?? null);
  const unverifiedMs = useConsole((state) => state.status?.staleness.budget.unverifiedMs ?? null);
  return (
    <Panel
      title="Staleness"
      finding={
        <SegmentedControl
          className={styles.switch}
          aria-label="Which clock"
          value={kind}
          onChange={(value) => setKind(value === 'lag' ? 'lag' : 'unverified')}
          data={[
            { value: 'lag', label: 'Lag' },
            { value: 'unverified', label: 'Unverified' },
          ]}
        />
      }
      grow
    >
      <p className="hf-hidden">{formatNodes(overBudget)} over budget</p>
      <Heatmap kind={kind} budgetMs={kind === 'lag' ? lagMs : unverifiedMs} />
    </Panel>
  );
}

function Heatmap({
  kind,
  budgetMs,
}: {
  readonly kind: StalenessKind;
  readonly budgetMs: number | null;
}) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const tokens = useTokens();
  const nowMs = useTurn(2);
  useEffect(() => {
    const context = canvas.current === null ? null : fitCanvas(canvas.current, width, height);
    if (context === null) return;
    paintStaleness(context, {
      columns: stalenessColumns(),
      kind,
      nowMs,
      spanMs: STALENESS_SPAN_MS,
      columnMs: STALENESS_COLUMN_MS,
      budgetMs,
      tokens,
      widthPx: width,
      heightPx: height,
    });
  }, [kind, budgetMs, nowMs, tokens, width, height]);
  return (
    <div ref={ref} className={panel.plot} aria-hidden="true">
      <canvas ref={canvas} className={styles.canvas} />
      <span className={`${panel.label} ${styles.from}`} style={{ left: STALENESS_LEFT_PX }}>
        {formatMinute(nowMs - STALENESS_SPAN_MS)}
      </span>
      <span className={`${panel.label} ${styles.now}`}>now</span>
    </div>
  );
}
