import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { snapshotFromBodies } from '../../core/config/snapshot.ts';
import { createOwnWork } from '../../core/node/shared-work.ts';
import { decodeControlPlaneFrame, type ResourceBody } from '../../core/protocol/node-link.ts';
import { median, quiet } from '../statistics.ts';
import { builtSample } from './built-sample.ts';
import { ROUTES } from './measure-fleet.ts';

const PINGS = 2_000;
const PINGS_WARM = 500;
const WRITES = 60;
/** What a commit of one changed resource appends, about. */
const WRITE_BYTES = 2_048;
/** A large commit. */
const WRITE_BYTES_LARGE = 1_000_000;
const WRITES_LARGE = 12;
/** What each resource is made longer by, to tell its bytes from it. */
const PADDING = 2_000;
const PADDING_WORDS = 'long words';
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

/** What a disk takes for an append made durable, and for each million bytes of it more. */
export interface DiskUs extends SpreadUs {
  readonly perMegabyte: number;
}

/** On the file system where the fleet's disk lies: the quickest tenth and the middle. */
export function measureDisk(): DiskUs {
  const small = measureWrites(WRITES, WRITE_BYTES);
  const large = measureWrites(WRITES_LARGE, WRITE_BYTES_LARGE);
  const megabytes = (WRITE_BYTES_LARGE - WRITE_BYTES) / 1_000_000;
  return {
    low: quiet(small),
    high: median(small),
    perMegabyte: (quiet(large) - quiet(small)) / megabytes,
  };
}

/** Microseconds of each. */
function measureWrites(writes: number, writeBytes: number): number[] {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    const fd = openSync(join(dir, 'appended'), 'w');
    const bytes = Buffer.alloc(writeBytes, 1);
    const times: number[] = [];
    for (let i = 0; i < writes; i += 1) {
      const startedMs = performance.now();
      writeSync(fd, bytes);
      fdatasyncSync(fd);
      times.push((performance.now() - startedMs) * 1_000);
    }
    closeSync(fd);
    return times;
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
  /** All of them, with longer bodies. */
  readonly wide: number;
  /** Of the push of all of them, and of the longer one. */
  readonly fullBytes: number;
  readonly wideBytes: number;
}

export function measureApply(): ApplyUs {
  const before = builtSample(ROUTES);
  const basis = snapshotFromBodies(before.resources.map(({ body }) => body));
  if (!basis.ok) throw new Error('the sample is no config');
  const deltas: number[] = [];
  const fulls: number[] = [];
  const wides: number[] = [];
  const target = { generation: 2, revision: 2, hash: before.rootHash };
  const bodies = before.resources.map(({ body }) => body);
  const full = JSON.stringify({ type: 'full', ...target, resources: bodies });
  const wide = JSON.stringify({ type: 'full', ...target, resources: bodies.map(padded) });
  for (let i = 0; i < APPLIES_WARM + APPLIES; i += 1) {
    const after = builtSample(1, 0, i + 1);
    const changed = after.resources.slice(-1).map(({ body }) => body);
    const delta = { type: 'delta', ...target, from: 1, changed, removed: [] };
    deltas.push(applyMs(JSON.stringify(delta), basis.value));
    if (i % 10 !== 0) continue;
    fulls.push(applyMs(full, null));
    wides.push(applyMs(wide, null));
  }
  return {
    delta: quiet(deltas.slice(APPLIES_WARM)) * 1_000,
    full: quiet(fulls.slice(APPLIES_WARM / 10)) * 1_000,
    resources: before.resources.length,
    wide: quiet(wides.slice(APPLIES_WARM / 10)) * 1_000,
    fullBytes: full.length,
    wideBytes: wide.length,
  };
}

/** By what a node carries and reads nothing from. */
function padded(body: ResourceBody): ResourceBody {
  return { ...body, padding: PADDING_WORDS.repeat(PADDING / PADDING_WORDS.length) };
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
