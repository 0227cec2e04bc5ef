import { createMemoryLinkPair } from '../../core/lib/memory-link.ts';
import { linkSuite } from './link-suite.ts';
import { VirtualTime } from './virtual-time.ts';

const SEND_BUFFER_BYTES_MAX = 1024 * 1024;

linkSuite({
  name: 'in memory',
  sendBufferBytesMax: SEND_BUFFER_BYTES_MAX,
  open: async () => {
    const time = new VirtualTime();
    const pair = createMemoryLinkPair({
      clock: time,
      scheduler: time,
      latencyUs: 500,
      sendBufferBytesMax: SEND_BUFFER_BYTES_MAX,
    });
    return {
      a: pair.a,
      b: pair.b,
      until: async (isDone) => {
        time.runAll();
        if (!isDone()) throw new Error('nothing more will happen');
      },
      cut: () => pair.cut(),
      // Nothing arrives while time stands still.
      stall: () => undefined,
      dispose: async () => undefined,
    };
  },
});
