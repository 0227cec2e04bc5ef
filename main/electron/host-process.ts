import { z } from 'zod';
import type { ElectronApi } from './electron-api.ts';
import { createProcessBroker, type PlaneModule } from './process-broker.ts';

/** What the console host says of itself, beside what it says to the broker. */
const hostEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('listening'),
    url: z.string().regex(/^http:\/\/127\.0\.0\.1:\d+$/),
    token: z.string().min(1),
  }),
  z.object({ type: z.literal('failed'), reason: z.string(), detail: z.string() }),
]);

/** How long a host that was asked to stop may take before it is ended. */
const STOP_MS_MAX = 5_000;

export interface HostProcess {
  /** Asks it to close in order, and ends it when it does not. Resolves when it is gone. */
  stop(): Promise<void>;
}

export interface HostProcessEvents {
  onListening(address: { url: string; token: string }): void;
  /** It could not start, or it is gone unasked; in one plain sentence. */
  onFailed(detail: string): void;
}

/**
 * Runs the console host in a process of its own and makes the planes for it. `args` are those of
 * `holdfast serve`.
 */
export function startHostProcess(
  input: {
    utilityProcess: ElectronApi['utilityProcess'];
    hostPath: string;
    modulePaths: Readonly<Record<PlaneModule, string>>;
    args: readonly string[];
  } & HostProcessEvents,
): HostProcess {
  const host = input.utilityProcess.fork(input.hostPath, [...input.args], {
    serviceName: 'Holdfast console host',
    stdio: 'inherit',
  });
  const broker = createProcessBroker({
    utilityProcess: input.utilityProcess,
    modulePaths: input.modulePaths,
    reply: (message) => host.postMessage(message),
  });
  let stopping = false;
  let failed = false;
  const fail = (detail: string) => {
    if (failed || stopping) return;
    failed = true;
    input.onFailed(detail);
  };
  host.on('message', (raw) => {
    if (broker.receive(raw)) return;
    const event = hostEventSchema.safeParse(raw);
    if (!event.success) return;
    if (event.data.type === 'listening') {
      input.onListening({ url: event.data.url, token: event.data.token });
    } else fail(event.data.detail);
  });
  const gone = new Promise<void>((resolve) => {
    host.once('exit', (code) => {
      broker.killAll();
      fail(`The console host ended with code ${code}.`);
      resolve();
    });
  });
  return {
    async stop() {
      stopping = true;
      host.postMessage({ type: 'stop' });
      const timer = setTimeout(() => host.kill(), STOP_MS_MAX);
      await gone;
      clearTimeout(timer);
    },
  };
}
