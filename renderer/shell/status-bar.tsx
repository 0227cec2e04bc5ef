import { Button, Kbd } from '@mantine/core';
import { runAction } from '../actions/registry.ts';
import { usePublishBlocked } from '../config/use-publish-blocked.ts';
import { openView, useConsole } from '../state/console-store.ts';
import { useNow } from '../state/use-now.ts';
import type { ViewId } from '../views.ts';
import { BreakMenu } from './break-menu.tsx';
import { actionOfTheMoment } from './moment-action.ts';
import { Mark } from './nav-icons.tsx';
import { palette } from './palette.ts';
import styles from './status-bar.module.css';
import { firstRefusal, type StatusFact, statusFacts } from './status-facts.ts';

const VIEW_OF_FACT: Readonly<Record<StatusFact['id'], ViewId>> = {
  'control-plane': 'control-plane',
  serving: 'fleet',
  acknowledged: 'history',
  unverified: 'fleet',
  alerts: 'events',
};

const IS_MAC = navigator.platform.startsWith('Mac');
const PALETTE_KEYS = IS_MAC ? '⌘K' : 'Ctrl K';

/** The five facts, and the one action that fits the moment. */
export function StatusBar() {
  return (
    <header className={styles.bar}>
      <div className={styles.mark} title="Holdfast">
        <Mark />
        <h1 className="hf-hidden">Holdfast</h1>
      </div>
      <Facts />
      <div className={styles.actions}>
        <Button
          onClick={() => palette.open()}
          aria-label={`Command palette, ${PALETTE_KEYS}`}
          aria-keyshortcuts={IS_MAC ? 'Meta+K' : 'Control+K'}
          px={8}
        >
          <Kbd className={styles.kbd}>{PALETTE_KEYS}</Kbd>
        </Button>
        <BreakMenu />
        <MomentButton />
      </div>
    </header>
  );
}

function Facts() {
  const status = useConsole((state) => state.status);
  const refusal = useConsole((state) => firstRefusal(state.status, state.events));
  const now = useNow();
  return (
    <section className={styles.facts} aria-label="State of the fleet">
      {status === null ? (
        <p className={styles.waiting}>Waiting for the console…</p>
      ) : (
        statusFacts(status, now, refusal).map((fact) => <Fact key={fact.id} fact={fact} />)
      )}
    </section>
  );
}

function Fact({ fact }: { readonly fact: StatusFact }) {
  return (
    <button
      type="button"
      className={styles.fact}
      data-fact={fact.id}
      data-tone={fact.tone}
      onClick={() => openView(VIEW_OF_FACT[fact.id])}
      title={`${fact.value} ${fact.aside}\n${fact.qualifier}`}
    >
      <span className={styles.value}>
        {fact.value}
        {fact.aside !== '' && <span className={styles.aside}> {fact.aside}</span>}
      </span>
      <span className={styles.qualifier}>{fact.qualifier}</span>
    </button>
  );
}

function MomentButton() {
  const status = useConsole((state) => state.status);
  const connected = useConsole((state) => state.connection === 'open');
  const inConfig = useConsole((state) => state.view === 'config');
  const publishBlocked = usePublishBlocked();
  if (status === null) return <div className={styles.moment} />;
  const moment = actionOfTheMoment(status, { inConfig, publishBlocked });
  const why = moment.blocked ?? undefined;
  return (
    <Button
      className={styles.moment}
      data-tone={moment.tone}
      variant={moment.tone === 'primary' ? 'filled' : 'default'}
      disabled={moment.actionId === null || why !== undefined || !connected}
      title={why}
      onClick={() => {
        if (moment.actionId !== null) runAction(moment.actionId);
      }}
    >
      {moment.label}
    </Button>
  );
}
