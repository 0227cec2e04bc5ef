import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';

/**
 * The baseline of every push figure: bare `ws`, two processes, the same number of sockets and the
 * same bytes. The server sends one frame to all, each client parses it and answers; the server
 * counts answers. Run as a child with `clients` or `server` as its argument.
 */

/** Times in milliseconds from the first send to the answer of 99 % of the sockets, one a round. */
export async function measureBareBroadcast(input: {
  sockets: number;
  payload: string;
  rounds: number;
}): Promise<number[]> {
  const server = fork(import.meta.filename, ['server'], { execArgv: [] });
  const clients = fork(import.meta.filename, ['clients'], { execArgv: [] });
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }];
    clients.send({ port, sockets: input.sockets });
    await once(clients, 'message');
    const times: number[] = [];
    for (let round = 0; round < input.rounds; round += 1) {
      server.send({ payload: input.payload });
      const [{ p99Ms }] = (await once(server, 'message')) as [{ p99Ms: number }];
      times.push(p99Ms);
    }
    return times;
  } finally {
    await Promise.all([end(server), end(clients)]);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function runServer(): void {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  let answered = 0;
  let startedAt = 0;
  let wanted = Number.POSITIVE_INFINITY;
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      JSON.parse(data.toString());
      answered += 1;
      if (answered === wanted) process.send?.({ p99Ms: performance.now() - startedAt });
    });
  });
  server.on('listening', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) process.send?.({ port: address.port });
  });
  process.on('message', (message: { payload: string }) => {
    const bytes = Buffer.from(message.payload);
    answered = 0;
    wanted = Math.ceil(server.clients.size * 0.99);
    startedAt = performance.now();
    for (const socket of server.clients) socket.send(bytes, { binary: false });
  });
}

function runClients(): void {
  process.once('message', async (message: { port: number; sockets: number }) => {
    const answer = JSON.stringify({ type: 'ack', nonce: 1, hash: '0'.repeat(64) });
    let opened = 0;
    for (let i = 0; i < message.sockets; i += 1) {
      const socket = new WebSocket(`ws://127.0.0.1:${message.port}`, { perMessageDeflate: false });
      socket.on('message', (data) => {
        JSON.parse(data.toString());
        socket.send(answer);
      });
      socket.once('open', () => {
        opened += 1;
        if (opened === message.sockets) process.send?.({ opened });
      });
      // Opening thousands at once overruns the listen backlog, which is not what is measured.
      if (i % 250 === 249) await once(socket, 'open');
    }
  });
}

if (process.argv[1] === import.meta.filename && process.send !== undefined) {
  process.on('disconnect', () => process.exit(0));
  if (process.argv[2] === 'server') runServer();
  if (process.argv[2] === 'clients') runClients();
}
