import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manyChangedText, sampleConfigText } from '../../../bench/sample-config.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { micros } from '../../../core/ports/clock.ts';
import { OwnHost, SharedHost } from '../../../simulator/twin/node-host.ts';
import { SERVICE_TIMES, type ServiceTimes } from '../../../simulator/twin/service-times.ts';
import { VirtualTime } from '../../../simulator/twin/virtual-time.ts';
import { run } from './twin-fixture.ts';

const SHARED = {
  frameUs: 5,
  sendUs: 7,
  furtherApplyUs: 11,
  servedUsPerResource: 3,
  servedUsPerResourceChanged: 20,
};
const TIMES: ServiceTimes = {
  ...SERVICE_TIMES,
  nodeFrameUs: 40,
  nodeFrameUsPerMegabyte: 2_000,
  nodeSendUs: 30,
  nodeApplyUs: 1_000,
  nodeApplyUsPerResource: 100,
  nodeApplyUsPerMegabyte: 30_000,
  diskWriteUsMin: 2_000,
  diskWriteUsMax: 2_000,
  diskWriteUsPerMegabyte: 500,
  shared: SHARED,
};
const random = createSeededRandom(1);

test('[CALIB5] nodes of one process take their turn, and equal bytes are applied at full price once', () => {
  const time = new VirtualTime();
  const host = new SharedHost(time, TIMES, SHARED, random);
  const body = { resources: [] };
  host.heard(0);
  host.apply(body, 10);
  assert.equal(host.doneAt(), 5 + 1_000 + 10 * 100);
  host.heard(0);
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
    host.heard(0);
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
    host.heard(0);
    host.apply({}, 1);
    host.write(random, () => durable.push(time.now()));
  }
  time.runUntil(micros(10_000));
  assert.deepEqual(durable, [40 + 1_100 + 2_000, 40 + 1_100 + 2_000]);
});

test('[CALIB10] in one process each node reads the bytes of a push, and they are applied and written once', () => {
  const time = new VirtualTime();
  const host = new SharedHost(time, TIMES, SHARED, random);
  const body = {};
  const durable: number[] = [];
  for (let node = 0; node < 3; node += 1) {
    host.heard(4_000_000);
    host.push(body, 10, 4_000_000);
    host.write(random, () => durable.push(time.now()));
  }
  const first = 5 + 8_000 + 1_000 + 10 * 100 + 120_000;
  const further = 5 + 8_000 + 11;
  assert.equal(host.doneAt(), first + 2 * further);
  time.runUntil(micros(1_000_000));
  // The first is written alone, with the bytes; the others meanwhile, and then together, without any.
  const longest = Math.max(first + 2_000 + 2_000, first + 2 * further);
  assert.deepEqual(durable.slice(0, 1), [first + 2_000 + 2_000]);
  assert.ok(durable.slice(1).every((at) => at >= longest + 2_000 && at < longest + 30_000));
});

test('[CALIB10] machines of their own each read, apply and write what they are pushed', () => {
  const time = new VirtualTime();
  const hosts = [new OwnHost(time, TIMES), new OwnHost(time, TIMES)];
  const body = {};
  const durable: number[] = [];
  for (const host of hosts) {
    host.heard(1_000_000);
    host.push(body, 1, 1_000_000);
    host.write(random, () => durable.push(time.now()));
  }
  time.runUntil(micros(100_000));
  const at = 40 + 2_000 + 1_100 + 30_000 + 2_000 + 500;
  assert.deepEqual(durable, [at, at]);
});

test('[CALIB10] a change of many documents takes longer than a change of one, at the control plane and to each node', () => {
  const times = { ...TIMES, publishUsPerResource: 1, publishUsPerMegabyteChanged: 10_000_000 };
  const spread = (textOf: (step: number) => string) => {
    const { report } = run({ times, publishes: { everyUs: 10_000_000, textOf } });
    return report.publishes.at(-1)?.t50Ms ?? 0;
  };
  const one = spread((step) => sampleConfigText(40, 17, step));
  const many = spread((step) => manyChangedText(40, 40, step));
  assert.ok(many > one + 39 * 5, `${one} and ${many} ms`);
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
