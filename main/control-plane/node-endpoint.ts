import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ServerOptions, WebSocketServer } from 'ws';
import type { UpgradeRefusal } from '../../core/control-plane/events.ts';
import { assert } from '../../core/lib/assert.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { sha256Bytes } from '../../core/lib/sha256.ts';
import type { Link } from '../../core/ports/link.ts';
import {
  INVENTORY_NODES_MAX,
  NODE_SUBPROTOCOL,
  NODE_TO_CONTROL_PLANE_FRAME_BYTES_MAX,
} from '../../core/protocol/limits.ts';
import { createWebSocketLink } from './websocket-link.ts';

/** Where nodes connect. */
export const NODE_PATH = '/node';
/** Connections beyond the largest inventory, for those that are being replaced or turned away. */
const CONNECTIONS_SPARE = 1_024;
/** Connections that the system may hold for us while a herd arrives. */
const LISTEN_BACKLOG = 4_096;
/** Time that a request may take to arrive. */
const REQUEST_MS_MAX = 10_000;
/** Time that the other side has to answer a close before the socket is dropped. */
const CLOSE_ANSWER_MS_MAX = 2_000;

const REFUSAL_STATUS: Readonly<Record<UpgradeRefusal, number>> = {
  unauthorized: 401,
  'browser-origin': 403,
  'bad-subprotocol': 400,
  'not-found': 404,
  'upgrade-required': 426,
};

/** The library's types do not know `closeTimeout` yet. */
const SERVER_OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  perMessageDeflate: false,
  clientTracking: false,
  // Decoding checks UTF-8 itself.
  skipUTF8Validation: true,
  maxPayload: NODE_TO_CONTROL_PLANE_FRAME_BYTES_MAX,
  closeTimeout: CLOSE_ANSWER_MS_MAX,
  handleProtocols: () => NODE_SUBPROTOCOL,
};

export interface NodeEndpointOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly fleetToken: string;
  readonly onLink: (link: Link) => void;
  readonly onRefused: (reason: UpgradeRefusal) => void;
}

export interface NodeEndpoint {
  readonly port: number;
  /** Takes no more connections. Those that exist stay. */
  stopListening(): void;
}

/** Listens for nodes on the loopback interface. */
export async function openNodeEndpoint(
  options: NodeEndpointOptions,
): Promise<Result<NodeEndpoint, { reason: 'port-taken' | 'listen-failed'; detail: string }>> {
  const webSockets = new WebSocketServer(SERVER_OPTIONS);
  const server = createServer((_request, response) => {
    options.onRefused('upgrade-required');
    response.writeHead(426, { connection: 'close', 'x-holdfast-reason': 'upgrade-required' });
    response.end('upgrade-required\n');
  });
  server.maxConnections = INVENTORY_NODES_MAX + CONNECTIONS_SPARE;
  server.headersTimeout = REQUEST_MS_MAX;
  server.requestTimeout = REQUEST_MS_MAX;
  const tokenDigest = sha256Bytes(`Bearer ${options.fleetToken}`);
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = checkUpgrade(request, tokenDigest);
    if (refusal !== null) {
      options.onRefused(refusal);
      refuseUpgrade(socket, refusal);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      options.onLink(createWebSocketLink(webSocket, socket));
    });
  });
  const listening = await listen(server, options.port);
  if (!listening.ok) return listening;
  return ok({
    port: listening.value,
    stopListening: () => {
      server.close();
    },
  });
}

function checkUpgrade(request: IncomingMessage, tokenDigest: Uint8Array): UpgradeRefusal | null {
  if (request.headers.origin !== undefined) return 'browser-origin';
  const digest = sha256Bytes(request.headers.authorization ?? '');
  if (!timingSafeEqual(digest, tokenDigest)) return 'unauthorized';
  if (request.url !== NODE_PATH) return 'not-found';
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',');
  return offered.some((name) => name.trim() === NODE_SUBPROTOCOL) ? null : 'bad-subprotocol';
}

function refuseUpgrade(socket: Duplex, reason: UpgradeRefusal): void {
  const status = REFUSAL_STATUS[reason];
  const body = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n` +
      `connection: close\r\nx-holdfast-reason: ${reason}\r\n` +
      `content-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
}

function listen(
  server: Server,
  port: number,
): Promise<Result<number, { reason: 'port-taken' | 'listen-failed'; detail: string }>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(
        error.code === 'EADDRINUSE'
          ? err({ reason: 'port-taken', detail: `Port ${port} is in use by another program.` })
          : err({ reason: 'listen-failed', detail: `Cannot listen for nodes: ${error.message}.` }),
      );
    });
    server.listen({ port, host: '127.0.0.1', backlog: LISTEN_BACKLOG }, () => {
      resolve(ok(portOf(server.address())));
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  assert(address !== null && typeof address !== 'string', 'the server listens on a TCP port');
  return address.port;
}
