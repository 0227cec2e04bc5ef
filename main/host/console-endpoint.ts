import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { CONSOLE_FRAME_BYTES_MAX, CONSOLE_SUBPROTOCOL } from '../../core/protocol/limits.ts';
import { AccessGuard } from './access-guard.ts';
import { ConsoleSession } from './console-session.ts';
import { CONSOLE_CLIENTS_MAX } from './limits.ts';
import type { RequestRouter } from './requests/request-router.ts';
import { StaticFiles } from './static-files.ts';
import type { TelemetryFanout } from './telemetry-fanout.ts';

const HEADERS_TIMEOUT_MS = 10_000;
const CLOSE_GOING_AWAY = 1001;
const TOKEN_PROTOCOL_PREFIX = 'holdfast.token.';

export interface ConsoleEndpoint {
  readonly port: number;
  close(): Promise<void>;
}

export interface ConsoleEndpointInput {
  /** 0: any free port. */
  readonly port: number;
  readonly token: string;
  readonly rendererDir: string;
  readonly rendererReady: Promise<void>;
  readonly router: RequestRouter;
  readonly fanout: TelemetryFanout;
}

/** The console's one loopback address: its pages over HTTP, its API over WebSocket. */
export async function openConsoleEndpoint(
  input: ConsoleEndpointInput,
): Promise<Result<ConsoleEndpoint, { reason: 'port-taken' | 'listen-failed'; detail: string }>> {
  const server = createServer();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  const listening = await listen(server, input.port);
  if (!listening.ok) return listening;
  const port = listening.value;
  const guard = new AccessGuard(input.token, port);
  const files = new StaticFiles(input.rendererDir, guard, input.rendererReady);
  server.on('request', (request, response) => {
    files.serve(request, response).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: CONSOLE_FRAME_BYTES_MAX,
    perMessageDeflate: false,
    handleProtocols: () => CONSOLE_SUBPROTOCOL,
  });
  server.on('upgrade', (request, socket, head) => {
    const refusal = refusalOf(request, guard, sockets.clients.size);
    if (refusal !== null) {
      refuseUpgrade(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      new ConsoleSession(webSocket, input.router, input.fanout);
    });
  });
  return ok({ port, close: () => closeAll(server, sockets) });
}

function listen(
  server: Server,
  port: number,
): Promise<Result<number, { reason: 'port-taken' | 'listen-failed'; detail: string }>> {
  return new Promise((resolve) => {
    server.once('error', (error) => {
      const code = 'code' in error ? error.code : '';
      const isTaken = code === 'EADDRINUSE';
      const detail = isTaken
        ? `Port ${port} is taken; name another with --port P, or leave it out for any free one.`
        : `Port ${port} cannot be opened: ${error.message}.`;
      resolve(err({ reason: isTaken ? 'port-taken' : 'listen-failed', detail }));
    });
    server.listen({ port, host: '127.0.0.1' }, () => {
      server.removeAllListeners('error');
      server.on('error', () => {});
      const address = server.address();
      resolve(ok(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

interface UpgradeRefusal {
  readonly status: string;
  readonly text: string;
}

function refusalOf(
  request: IncomingMessage,
  guard: AccessGuard,
  clients: number,
): UpgradeRefusal | null {
  const source = guard.checkSource(request);
  if (source !== null) return { status: '403 Forbidden', text: source.reason };
  const protocols = (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((protocol) => protocol.trim());
  // Browsers cannot set headers on a WebSocket, so the token travels beside the subprotocol.
  const token = protocols.find((protocol) => protocol.startsWith(TOKEN_PROTOCOL_PREFIX));
  if (!guard.isToken(token?.slice(TOKEN_PROTOCOL_PREFIX.length))) {
    return { status: '401 Unauthorized', text: 'bad-token' };
  }
  if (request.url !== '/console') return { status: '404 Not Found', text: 'not-found' };
  if (!protocols.includes(CONSOLE_SUBPROTOCOL)) {
    return { status: '400 Bad Request', text: 'unknown-subprotocol' };
  }
  if (clients >= CONSOLE_CLIENTS_MAX) {
    return { status: '503 Service Unavailable', text: 'too-many-clients' };
  }
  return null;
}

function refuseUpgrade(socket: Duplex, refusal: UpgradeRefusal): void {
  socket.on('error', () => {});
  socket.end(
    `HTTP/1.1 ${refusal.status}\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${refusal.text.length}\r\n\r\n${refusal.text}`,
  );
}

function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) {
    client.close(CLOSE_GOING_AWAY, 'shutting-down');
    // The closing handshake may never be answered.
    setTimeout(() => client.terminate(), 200).unref();
  }
  sockets.close();
  return new Promise((resolve) => {
    server.close(() => resolve());
    setTimeout(() => server.closeAllConnections(), 300);
  });
}
