import { z } from 'zod';
import type { ElectronApi, UtilityChild } from './electron-api.ts';

/** The planes and the twin, by the names that the console host uses. */
const moduleSchema = z.enum(['control-plane', 'simulator', 'twin']);
export type PlaneModule = z.output<typeof moduleSchema>;

/** Children of one console at a time; a host that asks for more is broken. */
const CHILDREN_MAX = 8;

/** From the console host. */
const hostMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('spawn'), childId: z.int(), module: moduleSchema }),
  z.object({ type: z.literal('to-child'), childId: z.int(), message: z.unknown() }),
]);

/**
 * Makes the planes' and the twin's processes for the console host, which as a process inside Electron cannot fork
 * its own, and carries messages between them. Killing is not done here: the host does it by pid.
 */
export interface ProcessBroker {
  /** Handles a message of the host; false when it is not for the broker. */
  receive(raw: unknown): boolean;
  /** Ends what is left, when the app quits. */
  killAll(): void;
}

export function createProcessBroker(input: {
  utilityProcess: ElectronApi['utilityProcess'];
  modulePaths: Readonly<Record<PlaneModule, string>>;
  reply: (message: unknown) => void;
}): ProcessBroker {
  const children = new Map<number, UtilityChild>();

  const spawn = (childId: number, module: PlaneModule) => {
    if (children.has(childId) || children.size >= CHILDREN_MAX) {
      input.reply({ type: 'exited', childId, code: null, signal: null });
      return;
    }
    const child = input.utilityProcess.fork(input.modulePaths[module], [], {
      serviceName: `Holdfast ${module}`,
      stdio: 'inherit',
    });
    children.set(childId, child);
    child.once('spawn', () => {
      // Known from here on, and not before.
      if (child.pid !== undefined) input.reply({ type: 'spawned', childId, pid: child.pid });
    });
    child.on('message', (message) => input.reply({ type: 'from-child', childId, message }));
    child.once('exit', (code) => {
      children.delete(childId);
      input.reply({ type: 'exited', childId, code, signal: null });
    });
  };

  return {
    receive(raw) {
      const decoded = hostMessageSchema.safeParse(raw);
      if (!decoded.success) return false;
      const message = decoded.data;
      if (message.type === 'spawn') spawn(message.childId, message.module);
      else children.get(message.childId)?.postMessage(message.message);
      return true;
    },
    killAll() {
      for (const child of children.values()) child.kill();
      children.clear();
    },
  };
}
