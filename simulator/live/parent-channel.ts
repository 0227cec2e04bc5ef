import process from 'node:process';

/** The way to the process that started this one. */
export interface ParentChannel {
  /** `sent` is called when the message left this process; at once where that cannot be known. */
  post(message: unknown, sent?: () => void): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The parent is gone or let go of the channel. */
  onDisconnect(listener: () => void): void;
}

/** `child_process.fork`, or Electron's `utilityProcess`. Null when started on its own. */
export function openParentChannel(): ParentChannel | null {
  const port: unknown = Reflect.get(process, 'parentPort');
  if (isUtilityPort(port)) {
    return {
      post(message, sent) {
        port.postMessage(message);
        sent?.();
      },
      onMessage: (listener) => void port.on('message', (event) => listener(event.data)),
      // A utility process is ended together with its parent.
      onDisconnect: () => undefined,
    };
  }
  if (process.send === undefined) return null;
  return {
    post(message, sent) {
      if (process.connected) process.send?.(message, undefined, undefined, () => sent?.());
    },
    onMessage: (listener) => void process.on('message', listener),
    onDisconnect: (listener) => void process.once('disconnect', listener),
  };
}

interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

function isUtilityPort(port: unknown): port is UtilityPort {
  return typeof port === 'object' && port !== null && 'postMessage' in port && 'on' in port;
}
