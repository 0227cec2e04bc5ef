import type { ConsoleClient } from '../../client/console-client.ts';
import { CONSOLE_STREAMS } from '../../core/protocol/console-api.ts';
import { useConsole } from './console-store.ts';
import { mergeEvents, mergeTraffic } from './merge-streams.ts';
import { recordStaleness } from './staleness-record.ts';

/** Events asked for when the connection opens. */
const FIRST_EVENTS = 500;

/** Feeds the store from the console host for as long as the page lives. */
export function connectStore(client: ConsoleClient): void {
  client.onItem('status', (status) => useConsole.setState({ status }));
  client.onItem('roster', (roster) => useConsole.setState({ roster }));
  client.onItem('convergence', (convergence) => useConsole.setState({ convergence }));
  client.onItem('events', (events) =>
    useConsole.setState((state) => ({ events: mergeEvents(state.events, events) })),
  );
  client.onItem('traffic', (samples) =>
    useConsole.setState((state) => ({ traffic: mergeTraffic(state.traffic, samples) })),
  );
  client.onFleetFrame((frame) => {
    recordStaleness(frame);
    useConsole.setState((state) => ({ frame, frameSeq: state.frameSeq + 1 }));
  });
  client.onConnection((connection, connectionDetail) => {
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
