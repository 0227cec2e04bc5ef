import { type ConsoleClient, createConsoleClient } from '../client/console-client.ts';
import { assert } from '../core/lib/assert.ts';

let client: ConsoleClient | null = null;

/** Opens the one connection of this page. */
export function openClient(token: string): ConsoleClient {
  assert(client === null, 'one client a page');
  client = createConsoleClient({
    url: window.location.origin,
    token,
    WebSocket: window.WebSocket,
    reconnect: true,
  });
  return client;
}

/** The connection to the console host. */
export function getClient(): ConsoleClient {
  assert(client !== null, 'the client is opened before anything is drawn');
  return client;
}
