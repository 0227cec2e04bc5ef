import { lazy, Suspense, useEffect, useState } from 'react';
import classes from './config.module.css';
import { registerConfigActions } from './config-actions.ts';
import { ConfigNotices } from './config-notices.tsx';
import { ConfigToolbar } from './config-toolbar.tsx';
import { DiffControls } from './diff-controls.tsx';
import { getDraftController } from './draft-session.ts';
import { type ConfigTab, useDraft } from './draft-store.ts';
import { ChangesSection, IfPublishedSection } from './if-published.tsx';
import { OpenFileDialog } from './open-file-dialog.tsx';
import { ProblemsSection } from './problems-list.tsx';
import { revisionName } from './publish-availability.ts';
import { PublishDialog } from './publish-dialog.tsx';
import { ResourceTreePanel } from './resource-tree-panel.tsx';
import { TabBar, TabPanel } from './tab-bar.tsx';
import type { DiffLayout } from './text-diff.tsx';

// The editor is the heaviest part of the console and comes after everything else.
const YamlEditor = lazy(async () => ({ default: (await import('./yaml-editor.tsx')).YamlEditor }));
const TextDiff = lazy(async () => ({ default: (await import('./text-diff.tsx')).TextDiff }));

registerConfigActions();

/** Draft and head: tree, text, problems, and what publishing would do. */
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
        <div className={classes.body}>
          <ResourceTreePanel />
          <TextPane />
          <div className={classes.rail}>
            <ProblemsSection />
            <ChangesSection />
            <IfPublishedSection />
          </div>
        </div>
      )}
      <PublishDialog />
      <OpenFileDialog />
    </div>
  );
}

function TextPane() {
  const tab = useDraft((state) => state.tab);
  const phase = useDraft((state) => state.phase);
  const head = useDraft((state) => state.head?.revision ?? null);
  const [layout, setLayout] = useState<DiffLayout>('unified');
  const [whole, setWhole] = useState(false);
  return (
    <section className={classes.main} aria-label="Text">
      <TabBar<ConfigTab>
        label="Text"
        idPrefix="config-text"
        tabs={[
          { id: 'yaml', label: 'YAML' },
          { id: 'diff', label: head === null ? 'Diff to head' : `Diff to ${revisionName(head)}` },
        ]}
        open={tab}
        onOpen={(opened) => useDraft.setState({ tab: opened })}
        side={
          tab === 'diff' ? (
            <DiffControls layout={layout} onLayout={setLayout} whole={whole} onWhole={setWhole} />
          ) : undefined
        }
      />
      <TabPanel idPrefix="config-text" open={tab}>
        <Suspense fallback={<p className={classes.empty}>Loading the editor</p>}>
          {tab === 'yaml' && phase === 'ready' && <YamlEditor />}
          {tab === 'diff' && phase === 'ready' && <DraftDiff layout={layout} whole={whole} />}
        </Suspense>
      </TabPanel>
    </section>
  );
}

function DraftDiff(props: { readonly layout: DiffLayout; readonly whole: boolean }) {
  const head = useDraft((state) => state.head);
  const hasDraft = useDraft((state) => state.hasDraft);
  const analysis = useDraft((state) => state.analysis);
  // The diff tab is read-only, so the text it opened with stays the newest unless it is replaced.
  const version = useDraft((state) => state.placed.version);
  const [text, setText] = useState(() => getDraftController().text());
  // biome-ignore lint/correctness/useExhaustiveDependencies: a placed text is a new text
  useEffect(() => setText(getDraftController().text()), [version]);
  if (head === null || (head.revision === null && !hasDraft)) {
    return <p className={classes.empty}>There is no head to compare with yet.</p>;
  }
  const name = revisionName(head.revision);
  if (!hasDraft || analysis?.sameAsHead === true) {
    return <p className={classes.empty}>Nothing differs from {name}.</p>;
  }
  return (
    <TextDiff
      before={head.text}
      after={text}
      beforeLabel={name}
      afterLabel="draft"
      layout={props.layout}
      whole={props.whole}
    />
  );
}
