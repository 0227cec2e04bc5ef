import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { WebSocket as RawWebSocket } from 'ws';
import { CONSOLE_SUBPROTOCOL } from '../../../core/protocol/limits.ts';
import { scratchDirectory, startHost } from './host-fixture.ts';

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function get(url: string, path: string, headers: Record<string, string> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    // Not `fetch`: it would tidy paths and forbid a Host of our choosing.
    const outgoing = request({ hostname, port, path, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** The HTTP status that an upgrade was answered with; 101 when it was let in. */
function upgrade(
  url: string,
  protocols: string[],
  options: { headers?: Record<string, string>; path?: string } = {},
): Promise<number> {
  return new Promise((resolve) => {
    const socket = new RawWebSocket(
      `${url.replace('http', 'ws')}${options.path ?? '/console'}`,
      protocols,
      { headers: options.headers ?? {} },
    );
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on('error', () => {});
  });
}

async function withPages(context: Parameters<typeof scratchDirectory>[0]) {
  const rendererDir = scratchDirectory(context);
  mkdirSync(join(rendererDir, 'assets'));
  writeFileSync(
    join(rendererDir, 'index.html'),
    '<meta name="csp-nonce" content="__CSP_NONCE__"><script src="/assets/a-1.js"></script>',
  );
  writeFileSync(join(rendererDir, 'assets', 'a-1.js'), '1');
  return startHost(context, { rendererDir });
}

test('[WEB1] the page needs the token; what it loads does not', async (t) => {
  const { host } = await withPages(t);
  const { url, token } = host;
  const refused = await get(url, '/');
  assert.equal(refused.status, 401);
  assert.match(refused.body, /printed/);
  assert.equal((await get(url, '/?token=wrong')).status, 401);
  const page = await get(url, `/?token=${token}`);
  assert.equal(page.status, 200);
  const asset = await get(url, '/assets/a-1.js');
  assert.equal(asset.status, 200);
  assert.match(String(asset.headers['cache-control']), /immutable/);
});

test('[WEB1] a page that was let in can be loaded again without the token in its address', async (t) => {
  const { host } = await withPages(t);
  const page = await get(host.url, `/?token=${host.token}`);
  const [cookie] = page.headers['set-cookie'] ?? [];
  assert.match(cookie ?? '', /HttpOnly; SameSite=Strict/);
  const again = await get(host.url, '/', { cookie: cookie?.split(';')[0] ?? '' });
  assert.equal(again.status, 200);
  const forged = await get(host.url, '/', { cookie: `holdfast-${new URL(host.url).port}=x` });
  assert.equal(forged.status, 401);
});

test('[WEB2] every page has a policy with a nonce of its own, which the page is told', async (t) => {
  const { host } = await withPages(t);
  const nonces = new Set<string>();
  for (let i = 0; i < 2; i += 1) {
    const { headers, body } = await get(host.url, `/?token=${host.token}`);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'; script-src 'self'/);
    assert.match(policy, /frame-ancestors 'none'/);
    const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    assert.ok(body.includes(`content="${nonce}"`));
    nonces.add(nonce);
  }
  assert.equal(nonces.size, 2);
});

test('[WEB3] a foreign Host or Origin is turned away, from pages and from the API', async (t) => {
  const { host } = await withPages(t);
  const { url, token } = host;
  const page = `/?token=${token}`;
  assert.equal((await get(url, page, { host: 'evil.example' })).status, 403);
  assert.equal((await get(url, page, { origin: 'http://evil.example' })).status, 403);
  const protocols = [CONSOLE_SUBPROTOCOL, `holdfast.token.${token}`];
  assert.equal(await upgrade(url, protocols), 101);
  assert.equal(await upgrade(url, protocols, { headers: { origin: url } }), 101);
  assert.equal(await upgrade(url, protocols, { headers: { origin: 'http://evil.example' } }), 403);
  assert.equal(await upgrade(url, protocols, { headers: { host: 'evil.example' } }), 403);
});

test('[WEB4] the API needs the token as a subprotocol; the page’s cookie is not enough', async (t) => {
  const { host } = await withPages(t);
  const { url, token } = host;
  const { port } = new URL(url);
  assert.equal(await upgrade(url, [CONSOLE_SUBPROTOCOL]), 401);
  assert.equal(await upgrade(url, [CONSOLE_SUBPROTOCOL, 'holdfast.token.wrong']), 401);
  const headers = { cookie: `holdfast-${port}=${token}` };
  assert.equal(await upgrade(url, [CONSOLE_SUBPROTOCOL], { headers }), 401);
  assert.equal(await upgrade(url, [`holdfast.token.${token}`]), 400);
  const protocols = [CONSOLE_SUBPROTOCOL, `holdfast.token.${token}`];
  assert.equal(await upgrade(url, protocols, { path: '/other' }), 404);
});

test('[WEB5] no path leads out of the folder of pages', async (t) => {
  const { host, dataDir } = await withPages(t);
  writeFileSync(join(dataDir, 'secret.txt'), 'secret');
  for (const path of [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/%00.js',
    '/%zz.js',
    '//etc/passwd.txt',
  ]) {
    const reply = await get(host.url, path);
    assert.notEqual(reply.status, 200, path);
    assert.ok(!reply.body.includes('secret'), path);
  }
});

test('[WEB6] a client that sends garbage is closed; others do not notice', async (t) => {
  const { host, must } = await withPages(t);
  for (const frame of ['not json', '{"type":"request"}', Buffer.from([1, 2, 3])]) {
    const socket = new RawWebSocket(`${host.url.replace('http', 'ws')}/console`, [
      CONSOLE_SUBPROTOCOL,
      `holdfast.token.${host.token}`,
    ]);
    const code = await new Promise((resolve) => {
      socket.on('open', () => socket.send(frame));
      socket.on('close', resolve);
    });
    assert.equal(code, 4400);
  }
  assert.equal((await must('get-status', {})).controlPlane.state, 'up');
});

test('[WEB7] pages that are not built are said to be missing', async (t) => {
  const { host } = await startHost(t);
  const reply = await get(host.url, `/?token=${host.token}`);
  assert.equal(reply.status, 503);
  assert.match(reply.body, /npm run build/);
});
