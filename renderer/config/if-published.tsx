import type { ReactNode } from 'react';
import type { NodeRejection } from '../../core/protocol/control-plane-control.ts';
import { formatBytes } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { changesInWords, countErrors, rejectersInWords, touchedInWords } from './config-words.ts';
import { useDraft } from './draft-store.ts';
import { FindingSection } from './finding-section.tsx';
import classes from './findings.module.css';
import { RehearsedFact } from './rehearsal/rehearsed-fact.tsx';

/** What publishing the draft would do. */
export function IfPublishedSection() {
  const hasDraft = useDraft((state) => state.hasDraft);
  const changes = useDraft((state) => state.analysis?.changes);
  const errors = useDraft((state) => countErrors(state.analysis?.problems ?? []));
  const isEmpty = useDraft((state) => state.head !== null && state.head.revision === null);
  if (!hasDraft || changes === undefined) {
    return (
      <FindingSection title="If published" finding={isEmpty ? '' : 'nothing, this is the head'}>
        {isEmpty && (
          <p className={classes.note}>
            Nothing yet: there is no config. Import a file, or write one in the editor.
          </p>
        )}
      </FindingSection>
    );
  }
  return (
    <FindingSection
      title="If published"
      finding={errors > 0 ? 'not before the problems are mended' : changesInWords(changes)}
    >
      <div className={classes.body}>
        <PublishFacts>
          <RehearsedFact />
        </PublishFacts>
      </div>
    </FindingSection>
  );
}

/** Nodes, bytes and rejections: shared by the rail and the publish dialog. */
export function PublishFacts(props: { readonly children?: ReactNode }) {
  const analysis = useDraft((state) => state.analysis);
  const head = useDraft((state) => state.head);
  const rejecting = useDraft((state) => state.rejectingNodes);
  const delta = useDraft((state) => state.delta);
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
      {delta !== null && (
        <>
          <dt>Bytes per node</dt>
          <dd>
            {formatBytes(delta.bytes)}
            <span className="hf-muted"> (full: {formatBytes(delta.fullBytes)})</span>
          </dd>
        </>
      )}
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
      {props.children}
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
          <div className={classes.small}>{rejection.detail}</div>
        </div>
      ))}
    </>
  );
}
