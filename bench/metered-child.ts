import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';

export const METER_FD = 4;
const METER = pathToFileURL(join(import.meta.dirname, 'cpu-meter.ts')).href;

/** A process of ours that tells how much CPU time its main thread has used. */
export interface MeteredChild {
  readonly process: ChildProcess;
  /** Microseconds since it began. */
  cpuUs(): Promise<number>;
  /** Ends it as `SIGKILL` does, and waits until it is gone. */
  kill(): Promise<void>;
}

export function forkMetered(entry: string): MeteredChild {
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: ['--import', METER],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
  });
  const pipe = child.stdio[METER_FD];
  if (!(pipe instanceof Duplex)) throw new Error('the child has no meter');
  pipe.on('error', () => undefined);
  return {
    process: child,
    async cpuUs() {
      const answered = once(pipe, 'data');
      pipe.write('?');
      const [answer] = await answered;
      return Number(String(answer));
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
