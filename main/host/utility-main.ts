import { fileURLToPath } from 'node:url';
import { openParentChannel } from '../parent-channel.ts';
import { createBrokerSpawner } from './broker-spawner.ts';
import { startConsoleHost } from './console-host.ts';
import { lateOptionsNotice, parseServeOptions } from './serve-options.ts';

/**
 * Entry of the console host inside the desktop app. It takes the arguments of `holdfast serve`, says
 * `listening` or `failed` to its parent, has the planes made by it, and closes when told to `stop`.
 */

const RENDERER_DIR = fileURLToPath(new URL('../../out/renderer', import.meta.url));

// Files hold the fleet's token: they are for their owner alone.
process.umask(0o077);

const channel = openParentChannel();
if (channel === null) {
  process.stderr.write('This part is started by the desktop app; run `holdfast serve`.\n');
  process.exit(2);
}

const post = (message: unknown) => channel.send(message);
const fail = async (reason: string, detail: string) => {
  post({ type: 'failed', reason, detail });
  await channel.flush();
  process.exit(1);
};

const options = parseServeOptions(process.argv.slice(2));
if (!options.ok) await fail('usage', options.error);
else {
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const started = await startConsoleHost({
    ...options.value,
    rendererDir: RENDERER_DIR,
    spawner: createBrokerSpawner({
      postMessage: post,
      onMessage: (listener) => channel.onMessage(listener),
    }),
    log,
  });
  if (!started.ok) await fail(started.error.reason, started.error.detail);
  else {
    const host = started.value;
    const stop = () => void host.close().then(() => process.exit(0));
    channel.onMessage((message) => {
      if (isStop(message)) stop();
    });
    channel.onDisconnect(stop);
    const notice = host.wasProvisioned ? lateOptionsNotice(options.value) : null;
    if (notice !== null) log(notice);
    post({ type: 'listening', url: host.url, token: host.token });
  }
}

function isStop(message: unknown): boolean {
  return (
    typeof message === 'object' && message !== null && 'type' in message && message.type === 'stop'
  );
}
