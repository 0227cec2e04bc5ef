import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { createWebSocketLink } from '../../main/control-plane/websocket-link.ts';
import { linkSuite } from './link-suite.ts';

const SEND_BUFFER_BYTES_MAX = 1024 * 1024;
const POLL_MS = 1;

linkSuite({
  name: 'WebSocket',
  sendBufferBytesMax: SEND_BUFFER_BYTES_MAX,
  open: async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    const accepted = new Promise<{ socket: WebSocket; raw: Duplex }>((resolve) => {
      server.on('upgrade', (request, raw, head) => {
        sockets.handleUpgrade(request, raw, head, (socket) => resolve({ socket, raw }));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
    const upgraded = once(client, 'upgrade');
    await once(client, 'open');
    const [response] = (await upgraded) as [{ socket: Duplex }];
    const { socket, raw } = await accepted;
    return {
      a: createWebSocketLink(socket, raw, SEND_BUFFER_BYTES_MAX),
      b: createWebSocketLink(client, response.socket, SEND_BUFFER_BYTES_MAX),
      until: async (isDone) => {
        while (!isDone()) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      },
      cut: () => client.terminate(),
      stall: () => client.pause(),
      dispose: async () => {
        client.terminate();
        socket.terminate();
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      },
    };
  },
});
