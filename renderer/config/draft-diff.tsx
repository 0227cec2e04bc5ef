import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { ChangeList } from './change-list.tsx';
import { changesInWords } from './config-words.ts';
import { getDraftController } from './draft-session.ts';
import { jumpToLine, useDraft } from './draft-store.ts';
import { revisionName } from './publish-availability.ts';
import { revertResource } from './resource-actions.ts';
import { ScrollRegion } from './scroll-region.tsx';
import type { DiffLayout } from './text-diff.tsx';
import classes from './text-pane.module.css';

const TextDiff = lazy(async () => ({ default: (await import('./text-diff.tsx')).TextDiff }));

/** How the draft differs from the head: resources and fields, and the text. */
export function DraftDiff(props: {
  readonly layout: DiffLayout;
  readonly whole: boolean;
  readonly controls: ReactNode;
}) {
  const head = useDraft((state) => state.head);
  const hasDraft = useDraft((state) => state.hasDraft);
  const analysis = useDraft((state) => state.analysis);
  const [text, setText] = useState(() => getDraftController().text());
  // Form edits and reverts reach the text while this tab is open; each is followed by an analysis.
  // biome-ignore lint/correctness/useExhaustiveDependencies: an analysis comes with every new text
  useEffect(() => setText(getDraftController().text()), [analysis]);
  if (head === null || (head.revision === null && !hasDraft)) {
    return <p className={classes.empty}>There is no head to compare with yet.</p>;
  }
  const name = revisionName(head.revision);
  if (!hasDraft || analysis?.sameAsHead === true) {
    return <p className={classes.empty}>Nothing differs from {name}.</p>;
  }
  return (
    <div className={classes.diff}>
      <DraftChanges controls={props.controls} />
      <div className={classes.diffText}>
        <Suspense fallback={<p className={classes.empty}>Loading the diff</p>}>
          <TextDiff
            before={head.text}
            after={text}
            beforeLabel={name}
            afterLabel="draft"
            layout={props.layout}
            whole={props.whole}
          />
        </Suspense>
      </div>
    </div>
  );
}

/** Changed, added and removed resources, each to be shown, opened up and taken back. */
function DraftChanges(props: { readonly controls: ReactNode }) {
  const analysis = useDraft((state) => state.analysis);
  const changes = analysis?.changes ?? [];
  return (
    <ScrollRegion label="Changes to the head" className={classes.diffChanges}>
      <div className={classes.diffHead}>
        <span className={classes.diffFinding}>{changesInWords(changes)}</span>
        {props.controls}
      </div>
      <ChangeList
        changes={changes}
        fields
        onRevert={(key) => void revertResource(key)}
        onPick={(key) => {
          const document = analysis?.documents.find((each) => each.key === key);
          if (document !== undefined) jumpToLine({ line: document.startLine, focus: true });
        }}
      />
    </ScrollRegion>
  );
}
