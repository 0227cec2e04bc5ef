import type { ReactNode } from 'react';
import { percentTexts } from '../../core/gateway/outcome-label.ts';
import { SHARES_TOTAL } from '../../core/gateway/route-shares.ts';
import type { ExplainedRequest, ExplainedSide } from '../workers/config-worker-messages.ts';
import { useDraft } from './draft-store.ts';
import { revisionName } from './publish-availability.ts';
import { isBadOutcome } from './request-words.ts';
import classes from './try.module.css';

/** Runners-up shown of one side. */
const RUNNERS_UP_MAX = 6;

/** Head and draft side by side: what answers, and why. */
export function ExplainedView({ explained }: { readonly explained: ExplainedRequest }) {
  const head = useDraft((state) => state.head?.revision ?? null);
  const hasDraft = useDraft((state) => state.hasDraft);
  const same =
    explained.head !== null && JSON.stringify(explained.head) === JSON.stringify(explained.draft);
  if (!hasDraft || same) {
    const title = hasDraft ? `${revisionName(head)} and the draft alike` : revisionName(head);
    return (
      <div className={classes.sides}>
        <Side title={title} side={explained.draft} />
      </div>
    );
  }
  return (
    <div className={classes.sides}>
      {explained.head === null ? (
        <p className={classes.hint}>Nothing is published yet.</p>
      ) : (
        <Side title={revisionName(head)} side={explained.head} />
      )}
      <Side title="Draft" side={explained.draft} />
    </div>
  );
}

function Side(props: { readonly title: string; readonly side: ExplainedSide }) {
  const { side } = props;
  const { listener, winner, outcome } = side;
  const percents = percentTexts(side.shares.map(({ percent }) => (percent * SHARES_TOTAL) / 100));
  return (
    <section className={classes.side} aria-label={`Outcome: ${props.title}`}>
      <h4 className={classes.sideTitle}>{props.title}</h4>
      <p className={classes.outcome} data-bad={isBadOutcome(outcome.label)}>
        {side.shares.length > 1
          ? side.shares.map((share, index) => (
              <span key={share.label} className={classes.share}>
                {share.label} <span className="hf-muted">{percents[index]}</span>
              </span>
            ))
          : outcome.label}
      </p>
      <dl className={classes.facts}>
        <Row name="Listener">
          {listener === null ? 'none' : `${placeOf(listener.gateway)} / ${listener.name}`}
          <Why>{side.listenerReason}</Why>
        </Row>
        {winner !== null && (
          <Row name="Route">
            {placeOf(winner.route)}, {winner.ruleName ?? `rule ${winner.rule + 1}`}
            <Why>{winner.condition}</Why>
          </Row>
        )}
        {outcome.backend !== null && side.shares.length <= 1 && (
          <Row name="Backend">{outcome.backend}</Row>
        )}
        {outcome.sent !== null && (
          <Row name="Is sent">
            {outcome.sent.host}
            {outcome.sent.path}
          </Row>
        )}
        {outcome.location !== null && <Row name="Location">{outcome.location}</Row>}
      </dl>
      {side.steps.length > 0 && (
        <ul className={classes.steps}>
          {side.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      )}
      <RunnersUp side={side} />
    </section>
  );
}

function RunnersUp({ side }: { readonly side: ExplainedSide }) {
  const shown = side.runnersUp.slice(0, RUNNERS_UP_MAX);
  if (shown.length === 0) return null;
  return (
    <>
      <h5 className={classes.runnersTitle}>Not these</h5>
      <ul className={classes.runners}>
        {shown.map(({ candidate, because }) => (
          <li key={`${candidate.route} ${candidate.rule} ${candidate.match} ${candidate.hostname}`}>
            <span className={classes.runnerName}>
              {placeOf(candidate.route)}, {candidate.ruleName ?? `rule ${candidate.rule + 1}`}
            </span>{' '}
            <span className="hf-muted">
              {candidate.condition}. {because}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Row(props: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

function Why(props: { readonly children: ReactNode }) {
  return <div className={classes.why}>{props.children}</div>;
}

/** `namespace/name` of a key or a path: the kind is clear from where it stands. */
function placeOf(key: string): string {
  return key.split('/').slice(-2).join('/');
}
