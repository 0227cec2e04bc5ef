import type { ConsoleClient } from '../../client/console-client.ts';
import { CONSOLE_STREAMS } from '../../core/protocol/console-api.ts';
import { useConsole } from './console-store.ts';
import { mergeEvents, mergeTraffic } from './merge-streams.ts';
import { recordStaleness } from './staleness-record.ts';

/** Events asked for when the connection opens. */
const FIRST_EVENTS = 500;

/** The host says something several times a second; so long without a word and it is lost. */
export const SILENCE_MS = 3_000;
const CHECK_MS = 500;

/**
 * Feeds the store from the console host for as long as the page lives. A host that hangs leaves its
 * socket open: silence counts as a lost connection, so that no old figure passes for a live one.
 */
export function connectStore(client: ConsoleClient): void {
  const heard = watchSilence();
  client.onItem('status', (status) => {
    heard();
    useConsole.setState({ status });
  });
  client.onItem('roster', (roster) => {
    heard();
    useConsole.setState({ roster });
  });
  client.onItem('convergence', (convergence) => {
    heard();
    useConsole.setState({ convergence });
  });
  client.onItem('events', (events) => {
    heard();
    useConsole.setState((state) => ({ events: mergeEvents(state.events, events) }));
  });
  client.onItem('traffic', (samples) => {
    heard();
    useConsole.setState((state) => ({ traffic: mergeTraffic(state.traffic, samples) }));
  });
  client.onItem('rehearsal', (rehearsal) => {
    heard();
    useConsole.setState({ rehearsal });
  });
  client.onFleetFrame((frame) => {
    heard();
    recordStaleness(frame);
    useConsole.setState((state) => ({ frame, frameSeq: state.frameSeq + 1 }));
  });
  client.onConnection((connection, connectionDetail) => {
    heard();
    const before = useConsole.getState();
    useConsole.setState({
      connection,
      connectionDetail,
      // Every failed retry passes through `connecting`; the loss began when `open` ended.
      connectionSinceMs:
        before.connection === 'open' || connection === 'open'
          ? Date.now()
          : before.connectionSinceMs,
    });
    if (connection === 'open') void loadHistory(client);
  });
  client.subscribe(CONSOLE_STREAMS);
}

/** Watches an open connection for silence. The result is to be called whenever something comes. */
function watchSilence(): () => void {
  // Counted in checks, not by the clock: a page that slept has missed nothing.
  let checks = 0;
  let lastHeardMs = Date.now();
  setInterval(() => {
    checks += 1;
    if (checks * CHECK_MS < SILENCE_MS || useConsole.getState().connection !== 'open') return;
    useConsole.setState({
      connection: 'silent',
      connectionDetail: '',
      connectionSinceMs: lastHeardMs,
    });
  }, CHECK_MS);
  return () => {
    checks = 0;
    lastHeardMs = Date.now();
    if (useConsole.getState().connection !== 'silent') return;
    useConsole.setState({ connection: 'open', connectionSinceMs: lastHeardMs });
  };
}

async function loadHistory(client: ConsoleClient): Promise<void> {
  const [events, traffic] = await Promise.all([
    client.request('list-events', { limit: FIRST_EVENTS }),
    client.request('get-traffic-history', {}),
  ]);
  useConsole.setState((state) => ({
    events: events.ok ? mergeEvents(state.events, events.value.events) : state.events,
    traffic: traffic.ok ? mergeTraffic(state.traffic, traffic.value.steps) : state.traffic,
  }));
}
