import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import type { AccessGuard } from './access-guard.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};
const NONCE_PLACEHOLDER = '__CSP_NONCE__';
const NONCE_BYTES = 16;
/** Names of built assets carry a hash of their content, so they never change. */
const IMMUTABLE_CACHE = 'public, max-age=31536000, immutable';

/** The pages of the console, from the folder that the renderer was built to. */
export class StaticFiles {
  readonly #directory: string;
  readonly #guard: AccessGuard;
  readonly #ready: Promise<void>;

  constructor(directory: string, guard: AccessGuard, ready: Promise<void>) {
    this.#directory = directory;
    this.#guard = guard;
    // A build that failed shows as missing files, which is said to the person.
    this.#ready = ready.catch(() => {});
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setSecurityHeaders(response);
    const refusal = this.#guard.checkSource(request);
    if (refusal !== null) {
      sendText(response, refusal.status, 'Refused: this address is for the console’s own pages.\n');
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      sendText(response, 405, 'Only GET is answered here.\n');
      return;
    }
    const url = readUrl(request.url);
    if (url === null) return sendText(response, 400, 'That is not an address.\n');
    if (url.pathname === '/' || url.pathname === '/index.html') {
      return this.#serveIndex(request, response, url);
    }
    return this.#serveAsset(request, response, url.pathname);
  }

  async #serveIndex(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const given = url.searchParams.get('token');
    const byToken = this.#guard.isToken(given);
    if (!byToken && !this.#guard.hasTokenCookie(request)) {
      sendText(response, 401, UNAUTHORISED_TEXT);
      return;
    }
    await this.#ready;
    let html: string;
    try {
      html = await readFile(join(this.#directory, 'index.html'), 'utf8');
    } catch {
      sendText(response, 503, 'The console’s pages are not built; run: npm run build\n');
      return;
    }
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    response.setHeader('content-security-policy', policyOf(nonce, request.headers.host ?? ''));
    response.setHeader('cache-control', 'no-store');
    if (byToken && given !== null) {
      const cookie = `${this.#guard.cookieName}=${given}; Path=/; HttpOnly; SameSite=Strict`;
      response.setHeader('set-cookie', cookie);
    }
    const body = html.replaceAll(NONCE_PLACEHOLDER, nonce);
    send(request, response, 200, 'text/html; charset=utf-8', Buffer.from(body));
  }

  async #serveAsset(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
  ): Promise<void> {
    const path = safePath(this.#directory, pathname);
    const contentType = CONTENT_TYPES[extname(pathname).toLowerCase()];
    if (path === null || contentType === undefined) {
      return sendText(response, 404, 'There is no such file.\n');
    }
    await this.#ready;
    try {
      const body = await readFile(path);
      const isHashed = pathname.startsWith('/assets/');
      response.setHeader('cache-control', isHashed ? IMMUTABLE_CACHE : 'no-cache');
      // Workers take their policy from their own response.
      response.setHeader('content-security-policy', policyOf(null, request.headers.host ?? ''));
      send(request, response, 200, contentType, body);
    } catch {
      sendText(response, 404, 'There is no such file.\n');
    }
  }
}

const UNAUTHORISED_TEXT =
  'Not let in: open the whole address that “holdfast serve” printed, with its token.\n';

function policyOf(styleNonce: string | null, host: string): string {
  const styles = styleNonce === null ? "'self'" : `'self' 'nonce-${styleNonce}'`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styles}`,
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ws://${host}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
}

function readUrl(target: string | undefined): URL | null {
  try {
    return new URL(target ?? '/', 'http://console.invalid');
  } catch {
    return null;
  }
}

/** A path inside the directory, or null when the name leads elsewhere. */
function safePath(directory: string, pathname: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (decoded.includes('\0')) return null;
  const root = normalize(`${directory}${sep}`);
  const path = normalize(join(root, decoded));
  return path.startsWith(root) ? path : null;
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  });
  response.end(text);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  contentType: string,
  body: Buffer,
): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}
