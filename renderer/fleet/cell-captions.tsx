import { Menu } from '@mantine/core';
import { useMemo } from 'react';
import type { ActiveFault } from '../../core/fault/fault.ts';
import type { RosterMessage } from '../../core/protocol/console-model.ts';
import { describeFault, faultsOfCell } from '../actions/describe-target.ts';
import { perform } from '../actions/perform.ts';
import { formatNodes } from '../format/format.ts';
import { openDialog } from '../shell/dialogs.ts';
import { useConsole } from '../state/console-store.ts';
import { useNow } from '../state/use-now.ts';
import styles from './cell-captions.module.css';
import { type CellSummary, describeCell, summariseCells } from './cell-summaries.ts';
import type { CellBox } from './hex-layout.ts';

/** Below this width only the name and the worst are said. */
const NARROW_PX = 260;
/** Below this width the share that serves is left out. */
const MIDDLE_PX = 380;

/** One line above each cell; a menu of what can be done to it. */
export function CellCaptions(props: {
  readonly roster: RosterMessage;
  readonly boxes: readonly CellBox[];
}) {
  const now = useNow(500);
  const faults = useConsole((state) => state.status?.faults) ?? [];
  const summaries = useMemo(
    () => (now > 0 ? summariseCells(props.roster, useConsole.getState().frame) : []),
    [props.roster, now],
  );
  return props.boxes.map((box) => {
    const summary = summaries[box.cell];
    if (summary === undefined) return null;
    return (
      <Caption
        key={summary.cell}
        box={box}
        summary={summary}
        faults={faultsOfCell(faults, summary.cell)}
      />
    );
  });
}

function Caption(props: {
  readonly box: CellBox;
  readonly summary: CellSummary;
  readonly faults: readonly ActiveFault[];
}) {
  const { box, summary, faults } = props;
  const { serving, worst } = describeCell(summary);
  const allServe = summary.serving === summary.nodes;
  const facts = [
    ...(box.widthPx < NARROW_PX ? [] : [formatNodes(summary.nodes)]),
    ...(box.widthPx < MIDDLE_PX ? [] : [serving]),
  ];
  const tone = !allServe ? 'bad' : summary.rejected + summary.behind > 0 ? 'warn' : 'quiet';
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <button
          type="button"
          className={styles.caption}
          style={{ left: box.x, top: box.y, width: Math.max(box.widthPx, 120) }}
        >
          <span className="hf-hidden">Actions of cell</span>
          <span className={styles.name}>{summary.cell}</span>
          <span className={styles.facts}>
            {facts.map((fact) => `${fact} · `)}
            <span className={styles.worst} data-tone={tone}>
              {worst}
            </span>
            {faults.length > 0 && (
              <span className={styles.fault}> · {faults[0] && shortFault(faults[0])}</span>
            )}
          </span>
          <svg
            className={styles.more}
            width="12"
            height="12"
            viewBox="0 0 12 12"
            aria-hidden="true"
          >
            <path d="M3 4.5 6 7.5 9 4.5" fill="none" stroke="currentColor" strokeWidth="1.4" />
          </svg>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <CellActions cell={summary.cell} faults={faults} />
      </Menu.Dropdown>
    </Menu>
  );
}

function shortFault(active: ActiveFault): string {
  return describeFault(active.fault).split(', ')[0] ?? '';
}

function CellActions(props: { readonly cell: string; readonly faults: readonly ActiveFault[] }) {
  const target = { scope: 'cell', cell: props.cell } as const;
  return (
    <>
      {props.faults.map((active) => (
        <Menu.Item
          key={active.id}
          onClick={() =>
            void perform(
              'clear-fault',
              { faultId: active.id },
              {
                failed: 'The fault was not cleared',
                done: (result) => `Cleared on ${formatNodes(result.nodes)}`,
              },
            )
          }
        >
          Clear {describeFault(active.fault)}
        </Menu.Item>
      ))}
      {props.faults.length > 0 && <Menu.Divider />}
      <Menu.Item onClick={() => openDialog({ kind: 'restart', target })}>
        Restart nodes, disks kept or wiped…
      </Menu.Item>
      <Menu.Item onClick={() => openDialog({ kind: 'link-fault', fault: 'link-latency', target })}>
        Add latency to links…
      </Menu.Item>
      <Menu.Item
        onClick={() => openDialog({ kind: 'link-fault', fault: 'link-partition', target })}
      >
        Cut links…
      </Menu.Item>
    </>
  );
}
