import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  calibrationSource,
  liveLinkSource,
  withCalibrationTable,
} from '../../../bench/calibrate/calibration-source.ts';
import { LIVE_LINK_NATURE } from '../../../core/rehearsal/live-link.ts';
import { CALIBRATION } from '../../../simulator/twin/fitted-service-times.ts';
import {
  LIVE_FLEET_SERVICE_TIMES,
  SERVICE_TIMES,
  SERVICE_TIMES_SOURCE,
  sourceOf,
} from '../../../simulator/twin/service-times.ts';
import { run } from './twin-fixture.ts';

const ROOT = join(import.meta.dirname, '../../..');

test('[CALIB8] a report says when and to what the times were fitted and how far the twin was off, or that they are not', () => {
  const fleet = (nodes: number, live: number, twin: number) => ({
    nodes,
    publishes: 9,
    live: { t50Ms: live / 2, t99Ms: live },
    twin: { t50Ms: twin / 2, t99Ms: twin },
  });
  const many = { ...CALIBRATION.many, fleets: [] };
  const kept = { ...CALIBRATION, date: '2026-11-21', fleets: [fleet(100, 30, 31)], many };
  assert.equal(
    sourceOf({
      ...kept,
      fleets: [fleet(100, 30, 31), fleet(300, 32, 40), fleet(1_000, 61.2, 57.9)],
    }),
    'fitted on 2026-11-21 to live runs of 100 to 1,000 nodes, where 99 % of a publish was up to 25 % off',
  );
  assert.match(sourceOf(kept), /live runs of 100 nodes, where 99 % of a publish was up to 3 % off/);
  const larger = sourceOf({ ...kept, many: { ...many, fleets: [fleet(100, 500, 350)] } });
  assert.match(larger, /up to 30 % off/, 'of a large change, too');
  assert.equal(sourceOf({ ...kept, fleets: [] }), 'estimated on 2026-11-21, not calibrated');
  assert.equal(run({ publishes: null }).report.serviceTimes, SERVICE_TIMES_SOURCE);
  assert.match(
    SERVICE_TIMES_SOURCE,
    /^fitted on \d{4}-\d\d-\d\d to live runs of 100 to 1,000 nodes/,
  );
});

test('[CALIB8] the kept figures are as the command writes them, whole microseconds, and never nothing', () => {
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  assert.equal(read('simulator/twin/fitted-service-times.ts'), calibrationSource(CALIBRATION));
  assert.equal(read('core/rehearsal/live-link.ts'), liveLinkSource(LIVE_LINK_NATURE));
  const page = read('docs/TWIN.md');
  assert.equal(page, withCalibrationTable(page, CALIBRATION), 'the table is of the kept figures');
  assert.match(page, /\| 1,000 \| one document \| \d+ \|/);
  const figures = { ...CALIBRATION.times, ...CALIBRATION.shared, ...LIVE_LINK_NATURE };
  for (const [name, us] of Object.entries(figures)) {
    assert.ok(Number.isInteger(us) && us > 0, `${name} is ${us}`);
  }
  assert.equal(SERVICE_TIMES.shared, null);
  assert.deepEqual(LIVE_FLEET_SERVICE_TIMES, { ...SERVICE_TIMES, shared: CALIBRATION.shared });
});
