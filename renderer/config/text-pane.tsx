import { lazy, Suspense, useState } from 'react';
import { DiffControls } from './diff-controls.tsx';
import { DraftDiff } from './draft-diff.tsx';
import { type ConfigTab, useDraft } from './draft-store.ts';
import { revisionName } from './publish-availability.ts';
import { TabBar, TabPanel } from './tab-bar.tsx';
import type { DiffLayout } from './text-diff.tsx';
import classes from './text-pane.module.css';
import { YamlEditor } from './yaml-editor.tsx';

const TryRequest = lazy(async () => ({ default: (await import('./try-request.tsx')).TryRequest }));

/** The draft's text, how it differs from the head, and what becomes of a request. */
export function TextPane() {
  const tab = useDraft((state) => state.tab);
  const phase = useDraft((state) => state.phase);
  const head = useDraft((state) => state.head?.revision ?? null);
  const [layout, setLayout] = useState<DiffLayout>('unified');
  const [whole, setWhole] = useState(false);
  return (
    <section className={classes.pane} aria-label="Text">
      <TabBar<ConfigTab>
        label="Text"
        idPrefix="config-text"
        tabs={[
          { id: 'yaml', label: 'YAML' },
          { id: 'diff', label: head === null ? 'Diff to head' : `Diff to ${revisionName(head)}` },
          { id: 'try', label: 'Try a request' },
        ]}
        open={tab}
        onOpen={(opened) => useDraft.setState({ tab: opened })}
      />
      <TabPanel idPrefix="config-text" open={tab}>
        {tab === 'yaml' && phase === 'ready' && <YamlEditor />}
        {tab === 'diff' && phase === 'ready' && (
          <DraftDiff
            layout={layout}
            whole={whole}
            controls={
              <DiffControls layout={layout} onLayout={setLayout} whole={whole} onWhole={setWhole} />
            }
          />
        )}
        {tab === 'try' && phase === 'ready' && (
          <Suspense fallback={<p className={classes.empty}>Loading</p>}>
            <TryRequest />
          </Suspense>
        )}
      </TabPanel>
    </section>
  );
}
