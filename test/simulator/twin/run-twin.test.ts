import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runTwinGently } from '../../../simulator/twin/run-twin.ts';
import { twinOptions } from './twin-fixture.ts';

test('[TWIN22] a world whose first config is refused is not run', async () => {
  const options = twinOptions({ configText: 'kind: [', durationUs: 365 * 86_400_000_000 });
  const { world, report } = await runTwinGently(options, new AbortController().signal);
  assert.equal(report.virtualMs, 0);
  assert.equal(report.publishesRefused.length, 1);
  assert.equal(world.time.ran, 0);
});

test('[TWIN23] a run is told to stop between two publishes, however much each is to do', async () => {
  const stop = new AbortController();
  const { publishes, configText } = twinOptions();
  assert.ok(publishes !== null);
  let made = 0;
  const textOf = (step: number) => {
    made += 1;
    // As a config of some thousand resources takes.
    for (const until = performance.now() + 40; performance.now() < until; );
    setImmediate(() => stop.abort());
    return publishes.textOf(step);
  };
  const { report } = await runTwinGently(
    twinOptions({
      nodes: 1,
      cells: 1,
      configText,
      requestsPerSecond: 0,
      publishes: { everyUs: 100_000, textOf },
    }),
    stop.signal,
  );
  assert.equal(report.isWhole, false);
  // One, and as many as its own few steps hold.
  assert.ok(made <= 8, `${made} publishes`);
});
