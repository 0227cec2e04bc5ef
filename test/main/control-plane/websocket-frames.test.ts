import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { createWebSocketLink } from '../../../main/control-plane/websocket-link.ts';

test('[LINK2] frames of every length class sent together arrive whole, next to each other, among others', async () => {
  const lengths = [0, 1, 125, 126, 127, 16_384, 16_385, 65_535, 65_536, 200_000];
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  server.on('connection', (socket, request) => {
    const link = createWebSocketLink(socket, request.socket);
    for (const length of lengths) {
      link.send('before');
      link.sendTogether([`first ${length}`, Buffer.from('é'.repeat(length))]);
    }
    link.send('last');
  });
  const client = new WebSocket(`ws://127.0.0.1:${address.port}`, { perMessageDeflate: false });
  const got: string[] = [];
  await new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.on('message', (data, isBinary) => {
      assert.equal(isBinary, false);
      got.push(data.toString());
      if (got.at(-1) === 'last') resolve();
    });
  });
  const expected = lengths.flatMap((n) => ['before', `first ${n}`, 'é'.repeat(n)]);
  assert.deepEqual(got, [...expected, 'last']);
  client.terminate();
  server.close();
});
