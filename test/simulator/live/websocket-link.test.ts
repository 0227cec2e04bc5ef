import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import type { Link } from '../../../core/ports/link.ts';
import { createWebSocketLink as createServerLink } from '../../../main/control-plane/websocket-link.ts';
import { createFaultedLink } from '../../../simulator/live/faulted-link.ts';
import { LinkWeather } from '../../../simulator/live/link-conditions.ts';
import { createTimerScheduler } from '../../../simulator/live/timer-scheduler.ts';
import { createWallClock } from '../../../simulator/live/wall-clock.ts';
import { createWebSocketLink } from '../../../simulator/live/websocket-link.ts';
import { linkSuite } from '../../contract/link-suite.ts';

const SEND_BUFFER_BYTES_MAX = 1024 * 1024;
const POLL_MS = 1;

async function openPair(wrap: (link: Link) => Link) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'connection');
  const near = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
  const upgraded = once(near, 'upgrade');
  await once(near, 'open');
  const [response] = (await upgraded) as [{ socket: Duplex }];
  const [far, request] = (await accepted) as [WebSocket, IncomingMessage];
  return {
    a: wrap(createWebSocketLink(near, response.socket, SEND_BUFFER_BYTES_MAX)),
    b: createServerLink(far, request.socket, SEND_BUFFER_BYTES_MAX),
    until: async (isDone: () => boolean) => {
      while (!isDone()) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    },
    cut: () => far.terminate(),
    stall: () => far.pause(),
    dispose: async () => {
      near.terminate();
      far.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

linkSuite({
  name: 'WebSocket of a node',
  sendBufferBytesMax: SEND_BUFFER_BYTES_MAX,
  open: () => openPair((link) => link),
});

linkSuite({
  name: 'WebSocket of a node, under a clear sky',
  sendBufferBytesMax: SEND_BUFFER_BYTES_MAX,
  open: () => {
    const clock = createWallClock();
    const scheduler = createTimerScheduler(clock);
    const random = createSeededRandom(1);
    const weather = new LinkWeather();
    return openPair((link) => createFaultedLink(link, { weather, clock, scheduler, random }));
  },
});
