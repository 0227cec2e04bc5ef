import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type AccessRefusal =
  | { readonly status: 403; readonly reason: 'bad-host' | 'bad-origin' }
  | { readonly status: 401; readonly reason: 'bad-token' };

/** Lets in only who was given the token, from a page that we served, at the name we are known by. */
export class AccessGuard {
  readonly #token: Buffer;
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly cookieName: string;

  constructor(token: string, port: number) {
    this.#token = Buffer.from(token);
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    this.#hosts = new Set(hosts);
    this.#origins = new Set(hosts.map((host) => `http://${host}`));
    // Cookies are shared by all ports of a host, so the port is in the name.
    this.cookieName = `holdfast-${port}`;
  }

  /** A foreign `Host` means DNS rebinding, a foreign `Origin` another page: both are turned away. */
  checkSource(request: IncomingMessage): AccessRefusal | null {
    const host = request.headers.host?.toLowerCase();
    if (host === undefined || !this.#hosts.has(host)) return { status: 403, reason: 'bad-host' };
    const { origin } = request.headers;
    if (origin !== undefined && !this.#origins.has(origin.toLowerCase())) {
      return { status: 403, reason: 'bad-origin' };
    }
    return null;
  }

  isToken(candidate: string | null | undefined): boolean {
    if (candidate === null || candidate === undefined) return false;
    const given = Buffer.from(candidate);
    return given.length === this.#token.length && timingSafeEqual(given, this.#token);
  }

  /** The token of the cookie that `index.html` left, so that a page can be loaded again. */
  hasTokenCookie(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    const prefix = `${this.cookieName}=`;
    const found = cookies.find((cookie) => cookie.startsWith(prefix));
    return found !== undefined && this.isToken(found.slice(prefix.length));
  }
}
