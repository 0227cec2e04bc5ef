import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { micros } from '../../../core/ports/clock.ts';
import { FrameBytes } from '../../../simulator/twin/frame-bytes.ts';
import { clearConditions } from '../../../simulator/twin/link-conditions.ts';
import { SERVICE_TIMES } from '../../../simulator/twin/service-times.ts';
import { Trace } from '../../../simulator/twin/trace.ts';
import {
  type ControlPlaneEnd,
  type LinkWorld,
  type NodeEnd,
  TwinConnection,
} from '../../../simulator/twin/twin-connection.ts';
import { VirtualTime } from '../../../simulator/twin/virtual-time.ts';
import { at, FLEET, run } from './twin-fixture.ts';

test('[TWIN28] the end of a connection costs the process time, however it ended', () => {
  const busyMs = (otherUs: number) =>
    run({
      publishes: null,
      requestsPerSecond: 0,
      durationUs: 100_000_000,
      times: { ...SERVICE_TIMES, otherUs },
      faults: [at(60, { kind: 'link-reset', target: FLEET })],
    }).report.controlPlane.busyMs;
  assert.ok(busyMs(100_000) - busyMs(0) >= 19 * 100);
});

test('[TWIN29] what is still under way to a process that was killed is not for the one after it', () => {
  for (const starts of [1, 2]) {
    const heard: string[] = [];
    const time = new VirtualTime();
    const world: LinkWorld = {
      time,
      trace: new Trace(0),
      frameBytes: new FrameBytes(),
      decodeBody: () => assert.fail('nothing is pushed'),
      totals: { bytesUp: 0, bytesDown: 0, bytesPushed: 0 },
    };
    const node: NodeEnd = {
      row: 0,
      conditions: clearConditions({ latencyUs: 1_000, jitterUs: 0 }),
      linkRandom: createSeededRandom(1),
      heartbeatLinkRandom: createSeededRandom(2),
      touch: () => 0,
      linkOpened: () => undefined,
      linkHeard: () => undefined,
      linkClosed: () => undefined,
    };
    const control = {
      isUp: true,
      isFree: true,
      starts: 1,
      whenFree: (job: () => void) => job(),
      arrived: () => undefined,
      sentPush: () => time.now(),
      sent: () => time.now(),
      accept: (connection: TwinConnection) =>
        connection.listen(1, (event) => {
          heard.push(event.type);
        }),
    } satisfies ControlPlaneEnd;
    const connection = new TwinConnection(world, node, 1, control);
    connection.connect(time.now());
    time.runUntil(micros(5_000));
    connection.sendUp({ type: 'ack', nonce: 1 as never, hash: 'a' as never }, time.now());
    connection.closeUp({ code: 1001, reason: 'stopped' }, time.now());
    control.starts = starts;
    time.runUntil(micros(10_000));
    assert.deepEqual(heard, starts === 1 ? ['frame-received', 'connection-closed'] : []);
  }
});
