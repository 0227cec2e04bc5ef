import type { NodeRejection } from '../../core/protocol/control-plane-control.ts';
import { formatBytes } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { ChangeList } from './change-list.tsx';
import classes from './config.module.css';
import { changesInWords, countErrors, rejectersInWords, touchedInWords } from './config-words.ts';
import { jumpToLine, useDraft } from './draft-store.ts';
import { ScrollRegion } from './scroll-region.tsx';

/** What publishing the draft would do. */
export function IfPublishedSection() {
  const hasDraft = useDraft((state) => state.hasDraft);
  const changes = useDraft((state) => state.analysis?.changes);
  const errors = useDraft((state) => countErrors(state.analysis?.problems ?? []));
  const isEmpty = useDraft((state) => state.head !== null && state.head.revision === null);
  if (!hasDraft || changes === undefined) {
    return (
      <section className={classes.section} aria-label="If published">
        <h3 className={classes.sectionTitle}>If published</h3>
        <p className="hf-muted">
          {isEmpty
            ? 'Nothing yet: there is no config. Open a file, or write one in the editor.'
            : 'Nothing: this is the head. Edit the text to begin a draft.'}
        </p>
      </section>
    );
  }
  return (
    <section className={classes.section} aria-label="If published">
      <div className={classes.sectionHead}>
        <h3 className={classes.sectionTitle}>If published</h3>
        <span className={classes.sectionFinding}>
          {errors > 0 ? 'not before the problems are mended' : changesInWords(changes)}
        </span>
      </div>
      <PublishFacts />
    </section>
  );
}

/** Changed resources of the draft; a click shows one in the editor. */
export function ChangesSection() {
  const hasDraft = useDraft((state) => state.hasDraft);
  const changes = useDraft((state) => state.analysis?.changes ?? null);
  const documents = useDraft((state) => state.analysis?.documents ?? null);
  if (!hasDraft || changes === null || changes.length === 0) return null;
  return (
    <section className={classes.sectionGrow} aria-label="Changes to the head">
      <div className={classes.sectionHead}>
        <h3 className={classes.sectionTitle}>Changes</h3>
        <button
          type="button"
          className={classes.link}
          onClick={() => useDraft.setState({ tab: 'diff' })}
        >
          Show as diff
        </button>
      </div>
      <ScrollRegion label="Changes" className={classes.changesScroll}>
        <ChangeList
          changes={changes}
          fields={false}
          onPick={(key) => {
            const document = documents?.find((each) => each.key === key);
            if (document !== undefined) jumpToLine({ line: document.startLine, focus: true });
          }}
        />
      </ScrollRegion>
    </section>
  );
}

/** Nodes, bytes and rejections: shared by the rail and the publish dialog. */
export function PublishFacts() {
  const analysis = useDraft((state) => state.analysis);
  const head = useDraft((state) => state.head);
  const rejecting = useDraft((state) => state.rejectingNodes);
  const inventory = useConsole((state) => state.status?.fleet.inventory ?? 0);
  const controlPlane = useConsole((state) => state.status?.controlPlane.state ?? 'down');
  if (analysis === null) return null;
  const errors = countErrors(analysis.problems);
  const headBytes = head === null ? 0 : new TextEncoder().encode(head.text).byteLength;
  const grown = analysis.textBytes - headBytes;
  return (
    <dl className={classes.facts}>
      <dt>Nodes to touch</dt>
      <dd>{touchedInWords(analysis.changes, inventory)}</dd>
      <dt>Text</dt>
      <dd>
        {formatBytes(analysis.textBytes)}
        <span className="hf-muted">
          {grown === 0
            ? ', as before'
            : ` (${grown > 0 ? '+' : '−'}${formatBytes(Math.abs(grown))})`}
        </span>
      </dd>
      <dt>Rejected by</dt>
      <dd>
        {errors > 0 ? (
          <span className="hf-muted">not known yet: the problems come first</span>
        ) : (
          <Rejections rejecting={rejecting} controlPlaneUp={controlPlane === 'up'} />
        )}
      </dd>
    </dl>
  );
}

function Rejections(props: {
  readonly rejecting: readonly NodeRejection[] | null;
  readonly controlPlaneUp: boolean;
}) {
  if (props.rejecting === null) {
    return (
      <span className="hf-muted">
        {props.controlPlaneUp ? 'being asked' : 'cannot be told while the control plane is down'}
      </span>
    );
  }
  if (props.rejecting.length === 0) return <>no node</>;
  return (
    <>
      {props.rejecting.map((rejection) => (
        <div key={`${rejection.agentVersion} ${rejection.resource} ${rejection.detail}`}>
          <span
            className={classes.rejection}
            title={`${rejection.resource}: ${rejection.nodeIds.join(', ')}`}
          >
            {rejectersInWords(rejection)}
          </span>
          <div className={classes.badge} style={{ whiteSpace: 'normal' }}>
            {rejection.detail}
          </div>
        </div>
      ))}
    </>
  );
}
