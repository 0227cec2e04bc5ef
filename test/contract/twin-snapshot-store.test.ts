import { createSeededRandom } from '../../core/lib/seeded-random.ts';
import { Trace } from '../../simulator/twin/trace.ts';
import { TwinSnapshotStore } from '../../simulator/twin/twin-snapshot-store.ts';
import { snapshotStoreSuite } from './snapshot-store-suite.ts';
import { VirtualTime } from './virtual-time.ts';

snapshotStoreSuite({
  name: 'in memory',
  open: async () => {
    const time = new VirtualTime();
    const store = new TwinSnapshotStore({
      clock: time,
      scheduler: time,
      random: createSeededRandom(1),
      trace: new Trace(0),
    });
    let isDamaged = false;
    const writer = store.writer(() => true);
    return {
      writer: {
        write: (dump, done) => {
          if (isDamaged) store.end({ kind: 'store-corrupted', durationMs: null });
          isDamaged = false;
          writer.write(dump, done);
        },
      },
      reader: store.reader(0, () => false),
      until: async (isDone) => {
        time.runAll();
        if (!isDone()) throw new Error('nothing more will happen');
      },
      failWrites: () => store.begin({ kind: 'store-writes-fail', durationMs: null }),
      damage: () => {
        isDamaged = true;
        store.begin({ kind: 'store-corrupted', durationMs: null });
      },
      dispose: async () => undefined,
    };
  },
});
