import { Menu } from '@mantine/core';
import { useMemo } from 'react';
import { describeFault } from '../../core/fault/describe-fault.ts';
import type { ActiveFault } from '../../core/fault/fault.ts';
import type { RosterMessage } from '../../core/protocol/console-model.ts';
import { faultsOfCell } from '../actions/describe-target.ts';
import { perform } from '../actions/perform.ts';
import { formatNodes } from '../format/format.ts';
import { openDialog } from '../shell/dialogs.ts';
import { useConsole } from '../state/console-store.ts';
import styles from './cell-captions.module.css';
import { type CellSummary, describeCell, summariseCells } from './cell-summaries.ts';
import { type CellBox, captionRooms } from './hex-layout.ts';

/** With less room than this a caption says only the name and the worst. */
const NARROW_PX = 260;
/** With less room than this figures come first: what is cut off is the word. */
const TIGHT_PX = 190;
/** With less room than this the share that serves is left out. */
const MIDDLE_PX = 380;
/** Of the sign of the menu, which hangs in the gap: the words have all the room there is. */
const SIGN_PX = 18;
/** Room that naming a fault takes. */
const FAULT_PX = 100;

/** One line above each cell; a menu of what can be done to it. */
export function CellCaptions(props: {
  readonly roster: RosterMessage;
  readonly boxes: readonly CellBox[];
  readonly widthPx: number;
}) {
  // With the frame that the map is drawn from: both say the same at the same time.
  const frame = useConsole((state) => state.frame);
  const hasHead = useConsole((state) => state.status === null || state.status.head !== null);
  const faults = useConsole((state) => state.status?.faults) ?? [];
  const summaries = useMemo(() => summariseCells(props.roster, frame), [props.roster, frame]);
  const rooms = captionRooms(props.boxes, props.widthPx);
  // Decided once for all: captions that say different things cannot be compared.
  const named = props.roster.cells.some((cell) => faultsOfCell(faults, cell).length > 0);
  const roomMin = Math.min(...rooms) - (named ? FAULT_PX : 0);
  return props.boxes.map((box, i) => {
    const summary = summaries[box.cell];
    if (summary === undefined) return null;
    return (
      <Caption
        key={summary.cell}
        box={box}
        roomPx={rooms[i] ?? box.widthPx}
        showNodes={roomMin >= NARROW_PX}
        showServing={roomMin >= MIDDLE_PX}
        isTight={roomMin < TIGHT_PX}
        summary={summary}
        hasHead={hasHead}
        faults={faultsOfCell(faults, summary.cell)}
      />
    );
  });
}

function Caption(props: {
  readonly box: CellBox;
  readonly roomPx: number;
  readonly showNodes: boolean;
  readonly showServing: boolean;
  readonly isTight: boolean;
  readonly summary: CellSummary;
  readonly hasHead: boolean;
  readonly faults: readonly ActiveFault[];
}) {
  const { box, summary, faults } = props;
  const { serving, worst } = describeCell(summary, props.hasHead, props.isTight);
  const allServe = summary.serving === summary.nodes;
  const facts = [
    ...(props.showNodes ? [formatNodes(summary.nodes)] : []),
    ...(props.showServing ? [serving] : []),
  ];
  const tone = !allServe ? 'bad' : summary.rejected + summary.behind > 0 ? 'warn' : 'quiet';
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <button
          type="button"
          className={styles.caption}
          style={{ left: box.x, top: box.y, maxWidth: props.roomPx + SIGN_PX }}
        >
          <span className="hf-hidden">Actions of cell</span>
          <span className={styles.name}>{summary.cell}</span>
          <span className={styles.facts}>
            {facts.map((fact) => `${fact} · `)}
            {faults[0] !== undefined && (
              <span className={styles.fault}>{shortFault(faults[0])} · </span>
            )}
            <span className={styles.worst} data-tone={tone}>
              {worst}
            </span>
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
