import { Socket } from 'node:net';
import process from 'node:process';
import { METER_FD } from './metered-child.ts';

/** Loaded into a process before its own entry: answers each byte on its pipe with the CPU time so far. */
const pipe = new Socket({ fd: METER_FD, readable: true, writable: true });
pipe.on('data', (asked) => {
  const { user, system } = process.threadCpuUsage();
  for (const _ of asked) pipe.write(`${Math.round(user + system)}\n`);
});
// The parent is gone, and this process ends by its own channel.
pipe.on('error', () => undefined);
pipe.unref();
