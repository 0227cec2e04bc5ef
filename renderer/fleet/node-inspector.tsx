import { ActionIcon, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { NodeId } from '../../core/config/ids.ts';
import type { NodeDetail } from '../../core/protocol/console-model.ts';
import { perform } from '../actions/perform.ts';
import { resourceLabel } from '../config/resource-label.ts';
import {
  formatClock,
  formatCount,
  formatInstant,
  formatRevision,
  formatTime,
} from '../format/format.ts';
import { askConfirmation, openDialog } from '../shell/dialogs.ts';
import { selectNode, useConsole } from '../state/console-store.ts';
import { useNow } from '../state/use-now.ts';
import {
  describeLinkEnd,
  describeLogText,
  describeServing,
  describeSource,
  describeSync,
} from './describe-node.ts';
import { explainStaleness } from './explain-staleness.ts';
import styles from './node-inspector.module.css';
import { describeStyle, lagClassOf, type NodeStyle } from './node-style.ts';
import { StateWord } from './state-word.tsx';
import { useNodeDetail } from './use-node-detail.ts';

/** Resources named in the difference; the rest is counted. */
const DIFFERENCE_SHOWN_MAX = 8;

/** One node: what it serves, how it is linked, what is believed of it, and why. */
export function NodeInspector({ nodeId }: { readonly nodeId: NodeId }) {
  const { detail, refusal } = useNodeDetail(nodeId);
  const target = { scope: 'node', nodeId } as const;
  return (
    <aside className={styles.inspector} aria-label={`Node ${nodeId}`}>
      <header className={styles.header}>
        <div className={styles.name}>
          <h2>
            <code className="hf-strong">{nodeId}</code>
          </h2>
          {detail !== null && <Headline detail={detail} />}
        </div>
        <ActionIcon aria-label="Close" onClick={() => selectNode(null)}>
          <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
            <path d="m3 3 8 8m0-8-8 8" stroke="currentColor" strokeWidth="1.4" />
          </svg>
        </ActionIcon>
      </header>
      {refusal !== null && <p className={styles.refusal}>{refusal.detail}</p>}
      {detail !== null && <Facts detail={detail} />}
      <footer className={styles.actions}>
        <Button px={6} onClick={() => openDialog({ kind: 'restart', target })}>
          Restart…
        </Button>
        <Button
          px={6}
          onClick={() => openDialog({ kind: 'link-fault', fault: 'link-latency', target })}
        >
          Slow link…
        </Button>
        <Button
          px={6}
          onClick={() => openDialog({ kind: 'link-fault', fault: 'link-partition', target })}
        >
          Cut link…
        </Button>
        <Button px={6} onClick={() => askRetire(nodeId)}>
          Retire…
        </Button>
      </footer>
    </aside>
  );
}

function askRetire(nodeId: NodeId): void {
  askConfirmation({
    title: `Retire ${nodeId}`,
    touches: `${nodeId} stops serving and leaves the inventory; it no longer counts in “X of Y”. Its disk is deleted.`,
    confirmLabel: 'Retire node',
    run: async () => {
      const done = await perform(
        'retire-node',
        { nodeId },
        { failed: 'The node was not retired', done: () => `${nodeId} retired` },
      );
      if (done !== null) selectNode(null);
    },
  });
}

function Headline({ detail }: { readonly detail: NodeDetail }) {
  const { row, sync } = detail;
  const style: NodeStyle = {
    link: row.link,
    // The built-in default routes nothing.
    health: row.servingRevision === 0 ? 'down' : row.health,
    lag: lagClassOf(row.lagRevisions),
    rejected: row.syncStatus === 'ERROR',
    ahead: sync?.ahead === true,
  };
  return <StateWord style={style}>{describeStyle(style, row.lagRevisions)}</StateWord>;
}

function Facts({ detail }: { readonly detail: NodeDetail }) {
  const now = useNow();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Details">
      <Why detail={detail} nowMs={now} />
      <Truth detail={detail} nowMs={now} />
      <Belief detail={detail} nowMs={now} />
      <Difference detail={detail} />
      <Log detail={detail} nowMs={now} />
    </section>
  );
}

function Section(props: {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>
        {props.title} <span className={styles.note}>{props.note}</span>
      </h3>
      {props.children}
    </section>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Why({ detail, nowMs }: { readonly detail: NodeDetail; readonly nowMs: number }) {
  const status = useConsole((state) => state.status);
  const faults = (status?.faults ?? []).filter(({ fault: { target } }) =>
    target.scope === 'fleet'
      ? true
      : target.scope === 'cell'
        ? target.cell === detail.row.cell
        : target.nodeId === detail.row.nodeId,
  );
  const reasons = explainStaleness(detail, status, faults, nowMs);
  if (reasons.length === 0) return null;
  return (
    <Section title="Why is it not current and verified?">
      <ul className={styles.reasons}>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </Section>
  );
}

function Truth({ detail, nowMs }: { readonly detail: NodeDetail; readonly nowMs: number }) {
  const { row, inspection } = detail;
  const verified =
    inspection === null
      ? row.unverifiedMs
      : inspection.verifiedAtMs === null
        ? null
        : Math.max(0, nowMs - inspection.verifiedAtMs);
  const push = inspection?.lastPush ?? null;
  return (
    <Section title="Truth" note={inspection === null ? 'the simulator is down' : 'from the node'}>
      <dl className={styles.facts}>
        <Fact label="Serving">
          <code>{formatRevision(row.servingRevision)}</code>
          {inspection?.serving != null &&
            ` since ${formatInstant(inspection.serving.sinceMs, nowMs)}`}
          , from {describeSource(row.source)}
          {describeServing(inspection, nowMs)}
        </Fact>
        <Fact label="Control link">
          <Link detail={detail} nowMs={nowMs} />
        </Fact>
        <Fact label="Verified">{verified === null ? 'never' : `${formatClock(verified)} ago`}</Fact>
        <Fact label="Requests">
          {formatCount(row.requestsPerSecond)} / s
          {row.failuresPerSecond > 0
            ? `, ${formatCount(row.failuresPerSecond)} failed`
            : row.requestsPerSecond > 0
              ? ', 100 % answered'
              : ''}
        </Fact>
        {push !== null && (
          <Fact label="Last push">
            <code>r{push.revision}</code> {push.outcome} {formatInstant(push.atMs, nowMs)}
            {push.outcome === 'rejected' && `: ${push.detail}`}
            <Rejected resources={push.outcome === 'rejected' ? push.resources : []} />
          </Fact>
        )}
        {inspection !== null && (
          <Fact label="Agent">
            {inspection.agentVersion}
            {inspection.featuresMissing.length > 0 &&
              `, lacks ${inspection.featuresMissing.join(', ')}`}
          </Fact>
        )}
      </dl>
    </Section>
  );
}

function Rejected(props: {
  readonly resources: readonly { readonly key: string; readonly detail: string }[];
}) {
  if (props.resources.length === 0) return null;
  return (
    <ul className={styles.resources}>
      {props.resources.slice(0, DIFFERENCE_SHOWN_MAX).map((resource) => (
        <li key={resource.key}>
          <code>{resourceLabel(resource.key)}</code> {resource.detail}
        </li>
      ))}
    </ul>
  );
}

function Link({ detail, nowMs }: { readonly detail: NodeDetail; readonly nowMs: number }) {
  const link = detail.inspection?.link;
  if (link === undefined) return detail.row.link;
  const retry =
    link.state !== 'connected' && link.retryAtMs !== null
      ? `, retry in ${Math.max(0, (link.retryAtMs - nowMs) / 1_000).toFixed(0)} s`
      : '';
  return (
    <>
      {link.state} {formatClock(nowMs - link.sinceMs)}
      {retry}
      {link.reconnects > 0 &&
        `, ${formatCount(link.reconnects)} ${link.reconnects === 1 ? 'reconnect' : 'reconnects'}`}
      {link.state !== 'connected' &&
        link.lastClose !== null &&
        `; ${describeLinkEnd(link.lastClose)}`}
    </>
  );
}

function Belief({ detail, nowMs }: { readonly detail: NodeDetail; readonly nowMs: number }) {
  const { sync } = detail;
  if (sync === null) {
    return (
      <Section title="Belief" note="the control plane is down">
        <p className={styles.quiet}>
          Last known: {describeSync(detail.row.syncStatus)}. Nobody knows more until it is back.
        </p>
      </Section>
    );
  }
  return (
    <Section title="Belief" note="of the control plane">
      <dl className={styles.facts}>
        <Fact label="Sync status">{describeSync(sync.status)}</Fact>
        <Fact label="Target">
          {sync.target === null ? 'none' : <code>{formatRevision(sync.target.revision)}</code>}
        </Fact>
        <Fact label="Last heard">
          {sync.stated === null ? (
            'never'
          ) : (
            <>
              <code>{formatRevision(sync.stated.revision)}</code> at{' '}
              {formatInstant(sync.stated.heardAtMs, nowMs)}
            </>
          )}
        </Fact>
        {sync.lastNack !== null && (
          <Fact label="Rejected">
            <code>r{sync.lastNack.revision}</code> at {formatInstant(sync.lastNack.atMs, nowMs)}:{' '}
            {sync.lastNack.detail}
            <Rejected resources={sync.lastNack.resources} />
          </Fact>
        )}
      </dl>
    </Section>
  );
}

function Difference({ detail }: { readonly detail: NodeDetail }) {
  const { difference } = detail;
  return (
    <Section title="Against its target">
      {difference === null ? (
        <p className={styles.quiet}>Cannot be told now.</p>
      ) : difference.length === 0 ? (
        <p className={styles.quiet}>No difference: every resource is the target's.</p>
      ) : (
        <ul className={styles.resources}>
          {difference.slice(0, DIFFERENCE_SHOWN_MAX).map((each) => (
            <li key={each.key}>
              <code>{resourceLabel(each.key)}</code>{' '}
              <span className={styles.quiet}>{each.change}</span>
            </li>
          ))}
          {difference.length > DIFFERENCE_SHOWN_MAX && (
            <li className={styles.quiet}>
              and {formatCount(difference.length - DIFFERENCE_SHOWN_MAX)} more
            </li>
          )}
        </ul>
      )}
    </Section>
  );
}

function Log({ detail }: { readonly detail: NodeDetail; readonly nowMs: number }) {
  const log = detail.inspection?.log ?? [];
  if (log.length === 0) return null;
  const entries = log.map((entry, place) => ({ ...entry, key: `${entry.atMs} ${place}` }));
  return (
    <Section title="Last events">
      <ol className={styles.log}>
        {entries.toReversed().map((entry) => (
          <li key={entry.key}>
            <time>{formatTime(entry.atMs)}</time> {describeLogText(entry.text)}
          </li>
        ))}
      </ol>
    </Section>
  );
}
