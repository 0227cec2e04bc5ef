import { useEffect } from 'react';
import { registerConfigActions } from './config-actions.ts';
import { ConfigNotices } from './config-notices.tsx';
import { ConfigToolbar } from './config-toolbar.tsx';
import { ConflictDialog } from './conflict-panel.tsx';
import { getDraftController } from './draft-session.ts';
import { useDraft } from './draft-store.ts';
import { DraftsDialog } from './drafts-dialog.tsx';
import { FindingsPane } from './findings-pane.tsx';
import { FormPane } from './form-pane.tsx';
import { LAYOUT_BOUNDS, setConfigLayout, useConfigLayout } from './layout-memory.ts';
import { OpenFileDialog } from './open-file-dialog.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { registerResourceActions } from './resource-actions.ts';
import { ResourceTreePanel } from './resource-tree-panel.tsx';
import { Splitter } from './splitter.tsx';
import { TextPane } from './text-pane.tsx';
import classes from './workbench.module.css';

/** The most that findings take of the column while a request is tried, percent. */
const TRYING_PERCENT = 26;

registerConfigActions();
registerResourceActions();

/** The workbench: tree, form and text on one draft, and what publishing it would do. */
export function ConfigView() {
  useEffect(() => {
    getDraftController();
  }, []);
  const phase = useDraft((state) => state.phase);
  const failure = useDraft((state) => state.failure);
  return (
    <div className={classes.view}>
      <h2 className="hf-hidden">Config</h2>
      <ConfigToolbar />
      <ConfigNotices />
      {phase === 'failed' ? (
        <p className={classes.empty}>The config could not be loaded. {failure}</p>
      ) : (
        <Workbench />
      )}
      <PublishDialog />
      <OpenFileDialog />
      <RenameDialog />
      <DraftsDialog />
      <ConflictDialog />
    </div>
  );
}

function Workbench() {
  const treePx = useConfigLayout((state) => state.treePx);
  return (
    <div className={classes.body} style={{ gridTemplateColumns: `${treePx}px 1px minmax(0, 1fr)` }}>
      <ResourceTreePanel />
      <Splitter
        label="Width of the tree"
        orientation="vertical"
        value={treePx}
        {...LAYOUT_BOUNDS.treePx}
        perPx={() => 1}
        onChange={(value) => setConfigLayout({ treePx: value })}
      />
      <Panes />
    </div>
  );
}

function Panes() {
  const { panes, textPercent } = useConfigLayout();
  const columns =
    panes === 'both'
      ? `minmax(0, ${100 - textPercent}fr) 1px minmax(0, ${textPercent}fr)`
      : 'minmax(0, 1fr)';
  return (
    <div className={classes.panes} style={{ gridTemplateColumns: columns }}>
      {panes !== 'text' && <FormPane />}
      {panes === 'both' && (
        <Splitter
          label="Width of the form"
          orientation="vertical"
          value={textPercent}
          {...LAYOUT_BOUNDS.textPercent}
          perPx={(parent) => -100 / parent.clientWidth}
          onChange={(value) => setConfigLayout({ textPercent: value })}
        />
      )}
      {panes !== 'form' && <TextColumn />}
    </div>
  );
}

function TextColumn() {
  const remembered = useConfigLayout((state) => state.findingsPercent);
  const tab = useDraft((state) => state.tab);
  // An answer and its reasons are long; the findings keep to what an eye needs of them.
  const percent = tab === 'try' ? Math.min(remembered, TRYING_PERCENT) : remembered;
  // Findings that say little leave the room to the text.
  const rows = `minmax(0, 1fr) 1px fit-content(${percent}%)`;
  return (
    <div className={classes.textColumn} style={{ gridTemplateRows: rows }}>
      <TextPane />
      <Splitter
        label="Height of the text"
        orientation="horizontal"
        value={percent}
        {...LAYOUT_BOUNDS.findingsPercent}
        perPx={(parent) => -100 / parent.clientHeight}
        start={(parent) => findingsPercentOf(parent) ?? percent}
        onChange={(value) => setConfigLayout({ findingsPercent: value })}
      />
      <FindingsPane />
    </div>
  );
}

/** What the findings take now, which is less than they may while they say little. */
function findingsPercentOf(column: HTMLElement): number | null {
  const findings = column.lastElementChild;
  return findings === null ? null : (findings.clientHeight / column.clientHeight) * 100;
}
