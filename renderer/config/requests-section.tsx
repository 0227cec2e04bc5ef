import type { SuiteComparison } from '../../core/gateway/suite/compare-suite.ts';
import type { RequestComparison } from '../workers/config-worker-messages.ts';
import { useDraft } from './draft-store.ts';
import { FindingSection } from './finding-section.tsx';
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
    <FindingSection
      title="Requests that change"
      finding={
        comparison === null || (comparing && hasDraft)
          ? 'being compared'
          : comparison.requests === 0
            ? 'no route answers any request yet'
            : comparisonFinding(comparison, hasDraft)
      }
    >
      {comparison !== null && listed(comparison, hasDraft).length > 0 && <RequestChanges />}
    </FindingSection>
  );
}

/** Requests that the draft sends elsewhere, and those that are not answered as the suite expects. */
function listed(comparison: RequestComparison, hasDraft: boolean): readonly SuiteComparison[] {
  return comparison.listed.filter((each) => (hasDraft && each.changed) || each.verdict === 'fail');
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
  const shown = listed(comparison, hasDraft).slice(0, LISTED_MAX);
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
            isAlike={shown.some((other) => other !== each && isAlike(each, other))}
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

/** Requests of two hosts read alike in the list, where a host is seldom worth its room. */
function isAlike(a: SuiteComparison, b: SuiteComparison): boolean {
  const [left, right] = [requestInWords(a.request), requestInWords(b.request)];
  return left.line === right.line && left.headers === right.headers;
}

function RequestLine(props: {
  readonly comparison: SuiteComparison;
  /** Whether another one of the list differs in its host alone. */
  readonly isAlike: boolean;
  readonly onPick: () => void;
}) {
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
          {props.isAlike && <span className={classes.host}>{hostOf(request.url)}</span>}
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

function hostOf(url: string): string {
  return /^https?:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';
}
