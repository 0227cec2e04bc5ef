import { createServer } from 'node:net';

/** `preferred` when nobody listens there, otherwise any free loopback port. */
export async function chooseLoopbackPort(preferred: number | null): Promise<number> {
  if (preferred !== null && (await tryListen(preferred)) === preferred) return preferred;
  const free = await tryListen(0);
  if (free === null) throw new Error('no loopback port can be opened');
  return free;
}

function tryListen(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? null) : null));
    });
  });
}
