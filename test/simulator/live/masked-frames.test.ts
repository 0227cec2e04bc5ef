import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { maskedFrames } from '../../../simulator/live/masked-frames.ts';

const MASK_BYTES = 4;

test('[MASK1] the library at the other end reads messages of every length, text and bytes', async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(sockets, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
  const upgraded = once(client, 'upgrade');
  await once(client, 'open');
  const [response] = (await upgraded) as [{ socket: Duplex }];
  const [far] = (await accepted) as [WebSocket];
  try {
    const lengths = [0, 1, 3, 124, 125, 126, 127, 65_535, 65_536, 100_000];
    const sent: (string | Uint8Array)[] = lengths.map((length) => 'x'.repeat(length));
    sent.push('ünï – 世界 😀', 'é'.repeat(63), new Uint8Array([0, 255, 7]), new Uint8Array(70_000));
    const received: (string | Uint8Array)[] = [];
    const all = new Promise<void>((resolve, reject) => {
      far.on('error', reject);
      far.on('message', (data, isBinary) => {
        assert.ok(Buffer.isBuffer(data));
        received.push(isBinary ? new Uint8Array(data) : data.toString('utf8'));
        if (received.length === sent.length) resolve();
      });
    });
    response.socket.write(maskedFrames(sent));
    await all;
    assert.deepEqual(received, sent);
  } finally {
    client.terminate();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

test('[MASK2] every frame has a key of its own', () => {
  const keys = new Set<string>();
  const frames = 5_000; // More than are drawn at a time.
  for (let i = 0; i < frames; i += 1) {
    keys.add(
      maskedFrames([''])
        .subarray(2, 2 + MASK_BYTES)
        .toString('hex'),
    );
  }
  // Of 2^32 keys, five thousand draws repeat hardly one.
  assert.ok(keys.size > frames - 10, `${keys.size}`);
});
