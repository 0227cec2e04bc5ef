import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { createConsoleClient } from '../../client/console-client.ts';
import { createFleetFrame, encodeFleetFrame } from '../../core/fleet/frame.ts';
import { CONSOLE_SUBPROTOCOL } from '../../core/protocol/limits.ts';

/** A server on a free port that hands every socket and message to the test. */
async function listen(port = 0) {
  const server = new WebSocketServer({
    port,
    host: '127.0.0.1',
    handleProtocols: () => CONSOLE_SUBPROTOCOL,
  });
  await new Promise((resolve) => server.on('listening', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    server,
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    close() {
      for (const client of server.clients) client.terminate();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Asked {
  type: string;
  id: number;
  method: string;
  streams: string[];
}
const read = (data: unknown) => JSON.parse(String(data)) as Asked;

test('[CLIENT1] a request is answered with its own answer, whatever the order', async () => {
  const { server, url, close } = await listen();
  server.on('connection', (socket) => {
    const waiting: number[] = [];
    socket.on('message', (data) => {
      waiting.push(read(data).id);
      if (waiting.length < 2) return;
      for (const id of waiting.reverse()) {
        socket.send(JSON.stringify({ type: 'response', id, ok: true, result: { nodes: id } }));
      }
    });
  });
  const client = createConsoleClient({ url, token: 't', WebSocket, reconnect: false });
  const [one, two] = await Promise.all([client.request('reset', {}), client.request('reset', {})]);
  assert.deepEqual(
    [one, two],
    [
      { ok: true, value: { nodes: 1 } },
      { ok: true, value: { nodes: 2 } },
    ],
  );
  client.close();
  await close();
});

test('[CLIENT2] garbage from the server is ignored; what follows still arrives', async () => {
  const { server, url, close } = await listen();
  server.on('connection', (socket) => {
    socket.on('message', () => {
      socket.send('not json');
      socket.send('{"type":"item","stream":"nonsense","item":{}}');
      socket.send('{"type":"item","stream":"events","item":null}');
      socket.send(Buffer.from([1, 2, 3]));
      socket.send(encodeFleetFrame(createFleetFrame(2, 7, 1)));
      socket.send('{"type":"item","stream":"events","item":[{"id":1}]}');
    });
  });
  const client = createConsoleClient({ url, token: 't', WebSocket, reconnect: false });
  const seen: unknown[] = [];
  client.onFleetFrame((frame) => seen.push(frame.rosterVersion));
  const items = new Promise((resolve) => client.onItem('events', resolve));
  client.subscribe(['events', 'fleet']);
  assert.deepEqual(await items, [{ id: 1 }]);
  assert.deepEqual(seen, [7]);
  client.close();
  await close();
});

test('[UIREH21] that no rehearsal runs any more is heard: its stream alone carries nothing', async () => {
  const { server, url, close } = await listen();
  server.on('connection', (socket) => {
    socket.on('message', () => {
      const progress = { seedsDone: 1, elapsedMs: 100, budgetMs: 5_000 };
      for (const item of [progress, null]) {
        socket.send(JSON.stringify({ type: 'item', stream: 'rehearsal', item }));
      }
    });
  });
  const client = createConsoleClient({ url, token: 't', WebSocket, reconnect: false });
  const seen: unknown[] = [];
  const ended = new Promise<void>((resolve) => {
    client.onItem('rehearsal', (item) => {
      seen.push(item?.seedsDone ?? null);
      if (item === null) resolve();
    });
  });
  client.subscribe(['rehearsal']);
  await ended;
  assert.deepEqual(seen, [1, null]);
  client.close();
  await close();
});

test('[CLIENT3] after a lost connection it comes back and subscribes again; nothing is asked twice', async () => {
  const first = await listen();
  const asked: string[] = [];
  const note = (data: unknown) => {
    const message = read(data);
    asked.push(message.type === 'subscribe' ? message.streams.join() : message.method);
  };
  first.server.on('connection', (socket) => {
    socket.on('message', (data) => {
      note(data);
      if (read(data).type === 'request') void first.close();
    });
  });
  const { url, port } = first;
  const client = createConsoleClient({ url, token: 't', WebSocket, reconnect: true });
  client.subscribe(['status']);
  const lost = await client.request('reset', {});
  assert.equal(lost.ok, false);
  const second = await listen(port);
  const subscribed = new Promise<void>((resolve) => {
    second.server.on('connection', (socket) => {
      socket.on('message', (data) => {
        note(data);
        resolve();
      });
    });
  });
  await subscribed;
  assert.deepEqual(asked, ['status', 'reset', 'status']);
  client.close();
  await second.close();
});

test('[CLIENT4] a request never rejects: not when nobody listens, not in time, not after close', async () => {
  const { server, url, close } = await listen();
  server.on('connection', () => {});
  const silent = createConsoleClient({ url, token: 't', WebSocket, reconnect: false });
  const late = await silent.request('get-status', {}, { timeoutMs: 20 });
  assert.equal(!late.ok && late.error.reason, 'timeout');
  const open = silent.request('get-status', {});
  silent.close();
  assert.equal((await open).ok, false);
  assert.equal((await silent.request('get-status', {})).ok, false);
  await close();
  const nobody = createConsoleClient({ url, token: 't', WebSocket, reconnect: false });
  assert.equal((await nobody.request('get-status', {})).ok, false);
  nobody.close();
});
