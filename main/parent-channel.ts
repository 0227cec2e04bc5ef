/**
 * The channel to the process that started this one: Node's own under `child_process.fork`, or
 * Electron's `process.parentPort` in a utility process.
 */
export interface ParentChannel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The parent is gone, or let go of this process. */
  onDisconnect(listener: () => void): void;
  /** Settles once everything sent so far has been handed over. */
  flush(): Promise<void>;
}

/** Null when this process was started by hand. */
export function openParentChannel(): ParentChannel | null {
  const port: unknown = Reflect.get(process, 'parentPort');
  if (isParentPort(port)) return channelOverPort(port);
  return process.send === undefined ? null : channelOverIpc();
}

function channelOverIpc(): ParentChannel {
  let unsent = 0;
  let waiting: (() => void)[] = [];
  const settle = () => {
    unsent -= 1;
    if (unsent > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  return {
    send(message) {
      if (process.send === undefined || !process.connected) return;
      unsent += 1;
      process.send(message, undefined, undefined, settle);
    },
    onMessage(listener) {
      process.on('message', listener);
    },
    onDisconnect(listener) {
      process.on('disconnect', listener);
    },
    flush() {
      if (unsent === 0) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

/** The part of Electron's port that is used here; naming it spares importing Electron. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
}

function isParentPort(value: unknown): value is ParentPort {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'postMessage') === 'function' &&
    typeof Reflect.get(value, 'on') === 'function'
  );
}

function channelOverPort(port: ParentPort): ParentChannel {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', (event) => listener(event.data)),
    onDisconnect: (listener) => port.on('close', listener),
    // The port tells nothing about delivery; it hands messages over when the loop turns.
    flush: () => new Promise((resolve) => setImmediate(() => setImmediate(resolve))),
  };
}
