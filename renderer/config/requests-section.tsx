import type { SuiteComparison } from '../../core/gateway/suite/compare-suite.ts';
import { useDraft } from './draft-store.ts';
import classes from './findings.module.css';
import {
  comparisonFinding,
  expectationsInWords,
  isBadOutcome,
  requestInWords,
} from './request-words.ts';
import { tryRequest } from './try-store.ts';

/** Requests listed; the rest is counted. */
const LISTED_MAX = 100;

/** The requests that the draft sends elsewhere. */
export function RequestsSection() {
  const comparison = useDraft((state) => state.comparison);
  const comparing = useDraft((state) => state.comparing);
  const hasDraft = useDraft((state) => state.hasDraft);
  return (
    <section className={classes.section} aria-label="Requests that change">
      <div className={classes.head}>
        <h3 className={classes.title}>Requests that change</h3>
        <span className={classes.finding}>
          {comparison === null || !hasDraft
            ? ''
            : comparing
              ? 'being compared'
              : comparisonFinding(comparison)}
        </span>
      </div>
      <RequestChanges />
    </section>
  );
}

/** The list alone: in the findings and in the publish dialog. */
export function RequestChanges(props: { readonly onPick?: () => void }) {
  const comparison = useDraft((state) => state.comparison);
  const comparing = useDraft((state) => state.comparing);
  const hasDraft = useDraft((state) => state.hasDraft);
  if (comparison === null) return <p className={classes.note}>Requests are being compared.</p>;
  if (comparison.requests === 0) {
    return <p className={classes.note}>No route answers any request yet.</p>;
  }
  const shown = comparison.listed
    .filter((each) => (hasDraft && each.changed) || each.verdict === 'fail')
    .slice(0, LISTED_MAX);
  // Of a text that has changed since nothing is claimed; its list stays so that nothing jumps.
  const expectations = comparing ? '' : expectationsInWords(comparison);
  return (
    <>
      {shown.length === 0 && (
        <p className={classes.note}>{comparing ? 'Requests are being compared.' : 'None.'}</p>
      )}
      <ul className={classes.list} data-stale={comparing}>
        {shown.map((each) => (
          <RequestLine
            key={`${each.request.suite} ${each.request.name} ${each.request.url}`}
            comparison={each}
            onPick={() => {
              props.onPick?.();
              tryRequest(each.request);
            }}
          />
        ))}
      </ul>
      {comparison.changed > LISTED_MAX && (
        <p className={classes.note}>and {comparison.changed - LISTED_MAX} more</p>
      )}
      {expectations !== '' && (
        <p className={`${classes.note} ${comparison.failing > 0 ? classes.bad : ''}`}>
          {expectations}
        </p>
      )}
    </>
  );
}

function RequestLine(props: { readonly comparison: SuiteComparison; readonly onPick: () => void }) {
  const { request, before, after, changed, verdict, detail } = props.comparison;
  const words = requestInWords(request);
  return (
    <li>
      <button
        type="button"
        className={classes.request}
        title={`${request.method} ${request.url}`}
        onClick={props.onPick}
      >
        <span className={classes.requestName}>
          {words.line} {words.headers !== '' && <span className="hf-muted">{words.headers}</span>}
        </span>
        <span className={classes.requestOutcome}>
          {changed && (
            <span className={classes.before}>
              {before ?? 'nothing'} <span className="hf-hidden">becomes</span>
              <span className={classes.becomes} aria-hidden="true" />{' '}
            </span>
          )}
          <span className={isBadOutcome(after) ? classes.bad : undefined}>{after}</span>
          {verdict === 'fail' && <span className={classes.bad}> {detail}</span>}
        </span>
      </button>
    </li>
  );
}
