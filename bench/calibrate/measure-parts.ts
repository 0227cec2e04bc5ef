import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { snapshotFromBodies } from '../../core/config/snapshot.ts';
import { createOwnWork } from '../../core/node/shared-work.ts';
import { decodeControlPlaneFrame } from '../../core/protocol/node-link.ts';
import { median, quiet } from '../statistics.ts';
import { builtSample } from './built-sample.ts';
import { ROUTES } from './measure-fleet.ts';

const PINGS = 2_000;
const PINGS_WARM = 500;
const WRITES = 60;
/** What a commit of one changed resource appends, about. */
const WRITE_BYTES = 2_048;
const APPLIES = 60;
const APPLIES_WARM = 30;

/** Spread of a figure that is drawn anew each time, microseconds. */
export interface SpreadUs {
  readonly low: number;
  readonly high: number;
}

/**
 * One way over loopback, from one process to another that waits for it: half of a bare TCP round trip,
 * its quickest tenth and its middle.
 */
export async function measureLoopback(): Promise<SpreadUs> {
  const echo = fork(import.meta.filename, ['echo'], { execArgv: [] });
  try {
    const [port] = (await once(echo, 'message')) as [number];
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    const halves: number[] = [];
    for (let i = 0; i < PINGS_WARM + PINGS; i += 1) {
      const startedMs = performance.now();
      const answered = once(socket, 'data');
      socket.write('?');
      await answered;
      if (i >= PINGS_WARM) halves.push(((performance.now() - startedMs) * 1_000) / 2);
    }
    socket.destroy();
    return { low: quiet(halves), high: median(halves) };
  } finally {
    echo.kill('SIGKILL');
  }
}

/** An append made durable, on the file system where the fleet's disk lies: its quickest tenth and its middle. */
export function measureDisk(): SpreadUs {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    const fd = openSync(join(dir, 'appended'), 'w');
    const bytes = Buffer.alloc(WRITE_BYTES, 1);
    const times: number[] = [];
    for (let i = 0; i < WRITES; i += 1) {
      const startedMs = performance.now();
      writeSync(fd, bytes);
      fdatasyncSync(fd);
      times.push((performance.now() - startedMs) * 1_000);
    }
    closeSync(fd);
    return { low: quiet(times), high: median(times) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What a node on its own takes to decode, build and verify a push, microseconds. */
export interface ApplyUs {
  /** One resource changes of 1,000. */
  readonly delta: number;
  /** All of them. */
  readonly full: number;
  readonly resources: number;
}

export function measureApply(): ApplyUs {
  const before = builtSample(ROUTES);
  const basis = snapshotFromBodies(before.resources.map(({ body }) => body));
  if (!basis.ok) throw new Error('the sample is no config');
  const deltas: number[] = [];
  const fulls: number[] = [];
  for (let i = 0; i < APPLIES_WARM + APPLIES; i += 1) {
    const after = builtSample(1, 0, i + 1);
    const changed = after.resources.slice(-1).map(({ body }) => body);
    const target = { generation: 2, revision: 2, hash: before.rootHash };
    const delta = { type: 'delta', ...target, from: 1, changed, removed: [] };
    deltas.push(applyMs(JSON.stringify(delta), basis.value));
    if (i % 10 !== 0) continue;
    const resources = before.resources.map(({ body }) => body);
    fulls.push(applyMs(JSON.stringify({ type: 'full', ...target, resources }), null));
  }
  return {
    delta: quiet(deltas.slice(APPLIES_WARM)) * 1_000,
    full: quiet(fulls.slice(APPLIES_WARM / 10)) * 1_000,
    resources: before.resources.length,
  };
}

type Basis = Parameters<ReturnType<typeof createOwnWork>['prepare']>[0];

function applyMs(text: string, basis: Basis): number {
  const bytes = Buffer.from(text);
  const work = createOwnWork();
  // What it counts of its basis it has counted when that came.
  if (basis !== null) work.prepare(basis, [], []);
  const startedMs = performance.now();
  const decoded = decodeControlPlaneFrame(bytes);
  if (!decoded.ok) throw new Error(decoded.error.detail);
  const body = decoded.value;
  if (body.type === 'full') work.prepare(null, body.resources, []);
  else if (body.type === 'delta') work.prepare(basis, body.changed, body.removed);
  return performance.now() - startedMs;
}

if (process.argv[2] === 'echo' && process.argv[1] === import.meta.filename) {
  process.on('disconnect', () => process.exit(0));
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.pipe(socket);
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') process.send?.(address.port);
  });
}
