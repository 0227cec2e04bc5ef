import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { micros } from '../../../core/ports/clock.ts';
import { OwnHost, SharedHost } from '../../../simulator/twin/node-host.ts';
import { SERVICE_TIMES, type ServiceTimes } from '../../../simulator/twin/service-times.ts';
import { VirtualTime } from '../../../simulator/twin/virtual-time.ts';
import { run } from './twin-fixture.ts';

const SHARED = { frameUs: 5, sendUs: 7, furtherApplyUs: 11, servedUsPerResource: 3 };
const TIMES: ServiceTimes = {
  ...SERVICE_TIMES,
  nodeFrameUs: 40,
  nodeSendUs: 30,
  nodeApplyUs: 1_000,
  nodeApplyUsPerResource: 100,
  diskWriteUsMin: 2_000,
  diskWriteUsMax: 2_000,
  shared: SHARED,
};
const random = createSeededRandom(1);

test('[CALIB5] nodes of one process take their turn, and equal bytes are applied at full price once', () => {
  const time = new VirtualTime();
  const host = new SharedHost(time, TIMES, SHARED, random);
  const body = { resources: [] };
  host.heard();
  host.apply(body, 10);
  assert.equal(host.doneAt(), 5 + 1_000 + 10 * 100);
  host.heard();
  host.apply(body, 10);
  assert.equal(host.doneAt(), 5 + 2_000 + 5 + 11);
  host.apply({ resources: [] }, 1);
  assert.equal(host.doneAt(), 2_021 + 1_100);
});

test('[CALIB5] what nodes of one process wrote by the time that the disk is free is made durable together', () => {
  const time = new VirtualTime();
  const host = new SharedHost(time, TIMES, SHARED, random);
  const durable: string[] = [];
  const write = (name: string) => {
    host.heard();
    host.write(random, () => durable.push(`${name} ${time.now()}`));
  };
  write('first');
  time.at(micros(100), () => write('second'));
  time.at(micros(200), () => write('third'));
  time.runUntil(micros(10_000));
  assert.deepEqual(durable, ['first 2005', 'second 4005', 'third 4005']);
});

test('[CALIB5] nodes on machines of their own do not wait for each other', () => {
  const time = new VirtualTime();
  const hosts = [new OwnHost(time, TIMES), new OwnHost(time, TIMES)];
  const durable: number[] = [];
  for (const host of hosts) {
    host.heard();
    host.apply({}, 1);
    host.write(random, () => durable.push(time.now()));
  }
  time.runUntil(micros(10_000));
  assert.deepEqual(durable, [40 + 1_100 + 2_000, 40 + 1_100 + 2_000]);
});

test('[CALIB6] a fleet in one process converges as a whole, and later than one of many machines', () => {
  const own = run({ times: { ...TIMES, shared: null } }).report;
  const slow = { times: { ...TIMES, shared: { ...SHARED, furtherApplyUs: 5_000 } } };
  const shared = run(slow).report;
  assert.equal(run(slow).report.traceHash, shared.traceHash);
  assert.deepEqual(shared.end, own.end);
  assert.deepEqual(shared.pushes, own.pushes);
  const t99 = (report: typeof own) => report.publishes.at(-1)?.t99Ms ?? 0;
  assert.ok(t99(shared) > t99(own) + 50, `${t99(shared)} and ${t99(own)} ms`);
});

test('[CALIB6] the first publish of a process reads all of its text, a later one little of it', () => {
  const times = { ...TIMES, publishUsPerResource: 1, publishUsPerResourceNew: 50_000 };
  const { report } = run({ times });
  const [first, second] = report.publishes;
  assert.ok((first?.t50Ms ?? 0) > 1_000, 'the first takes long');
  assert.ok((second?.t50Ms ?? Number.POSITIVE_INFINITY) < 500, 'the second does not');
});
