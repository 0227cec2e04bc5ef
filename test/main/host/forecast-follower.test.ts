import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Lineage, NodeId, Revision } from '../../../core/config/ids.ts';
import { STALENESS_BUDGET_DEFAULT } from '../../../core/fleet/staleness.ts';
import { err, ok } from '../../../core/lib/result.ts';
import type {
  Belief,
  ControlPlaneResults,
  ConvergenceReport,
} from '../../../core/protocol/control-plane-control.ts';
import type { ControlPlaneLink } from '../../../main/host/control-plane-link.ts';
import { EventLog } from '../../../main/host/event-log.ts';
import { FleetModel } from '../../../main/host/fleet-model.ts';
import { ForecastFollower } from '../../../main/host/forecast-follower.ts';
import { ForecastKeeper } from '../../../main/host/forecast-keeper.ts';
import {
  factsOn,
  forecastOf,
  historyRow,
  openStore,
  publishedHead,
  reportOf,
} from './forecast-fixture.ts';
import { scratchDirectory } from './host-fixture.ts';
import { LINEAGE, scriptedBelief } from './scripted-control-plane.ts';

/** A follower whose control plane tells of the reports in `reports`; null: it is down. */
function start(t: TestContext, rehearsed: readonly number[]) {
  const store = openStore(join(scratchDirectory(t), 'console.sqlite'));
  t.after(() => store.close());
  const model = new FleetModel(store, () => 0, STALENESS_BUDGET_DEFAULT);
  model.setInventory([0, 1].map((i) => ({ nodeId: `a/${i}` as NodeId, cell: 'a' })));
  const forecasts = new ForecastKeeper({ store, isOfHistory: () => true, onLost: assert.fail });
  for (const revision of rehearsed) {
    const text = `text of r${revision}`;
    forecasts.rehearsed({ text, forecast: forecastOf(), facts: factsOn(revision - 1), atMs: 7 });
    forecasts.published(publishedHead(revision));
  }
  const plane: { reports: Map<number, ConvergenceReport> | null; asked: number } = {
    reports: new Map(),
    asked: 0,
  };
  const request = async (asked: { method: string; revision?: Revision }) => {
    plane.asked += 1;
    const report = plane.reports?.get(asked.revision ?? 0);
    return report === undefined
      ? err({ reason: 'control-plane-down', detail: 'down' } as const)
      : ok(report as ControlPlaneResults['get-convergence']);
  };
  const events = new EventLog(store, () => 0);
  const follower = new ForecastFollower({
    model,
    events,
    forecasts,
    controlPlane: { request: request as ControlPlaneLink['request'] },
    lineage: () => LINEAGE,
  });
  const said = () => events.list({ limit: 20 }).map(({ title }) => title);
  const believe = async (belief: Belief) => {
    model.setBelief(belief);
    await follower.believed(belief);
  };
  return { store, model, forecasts, follower, plane, events, said, believe };
}

function beliefOf(report: ConvergenceReport, over: Partial<Belief> = {}): Belief {
  const { curve: _curve, ...convergence } = report;
  return { ...scriptedBelief(report.revision, ['SYNCED', 'SYNCED']), convergence, ...over };
}

test('[FORE12] a forecast is told beside what the control plane tells of the curve', async (t) => {
  const { follower, plane } = start(t, [2]);
  plane.reports?.set(2, reportOf(2, 42));
  const answer = await follower.read(2);
  assert.equal(answer?.kept.revision, 2);
  assert.equal(answer.comparison?.isFinal, true);
  assert.equal(answer.comparison.curveWithinPerMille, 1_000);
  assert.equal(answer.comparison.figures.find(({ name }) => name === 't99')?.verdict, 'within');
  assert.equal(await follower.read(3), null, 'it was not rehearsed');
});

test('[FORE12] while it is down, what was last heard is told; what nobody knows is not compared', async (t) => {
  const { follower, plane, model, believe } = start(t, [2]);
  plane.reports = null;
  assert.equal((await follower.read(2))?.comparison, null);
  model.addRevision(historyRow(2));
  await believe(beliefOf(reportOf(2, 61), { head: null }));
  const remembered = (await follower.read(2))?.comparison;
  assert.match(remembered?.summary ?? '', /^99 % took 61 ms/);
  assert.equal(remembered?.curveWithinPerMille, null, 'the curve is not remembered by then');
});

test('[FORE12] how it came out is kept with the forecast, with the nodes that refuse it', async (t) => {
  const { follower, plane, believe, store } = start(t, [2]);
  plane.reports?.set(2, reportOf(2, null));
  const belief = beliefOf(reportOf(2, null));
  await believe({ ...belief, counts: { ...belief.counts, rejected: 1 } });
  plane.reports = null;
  const answer = await follower.read(2);
  const figures = new Map(answer?.comparison?.figures.map((figure) => [figure.name, figure]));
  assert.equal(figures.get('nodesRejecting')?.actual, 1);
  assert.equal(figures.get('nodesRejecting')?.verdict, 'above');
  assert.equal(figures.get('reached')?.verdict, 'below');
  assert.equal(store.forecasts()[0]?.actual?.nodesRejecting, 1);
});

test('[FORE12] who comes late is counted in what is kept, without another event', async (t) => {
  const { follower, plane, believe, said } = start(t, [2]);
  plane.reports?.set(2, reportOf(2, null));
  await believe(beliefOf(reportOf(2, null)));
  plane.reports?.set(2, { ...reportOf(2, 42), late: true });
  await follower.read(2);
  plane.reports = null;
  const answer = await follower.read(2);
  assert.deepEqual([answer?.actual?.reached, said().length], [2, 1]);
});

test('[FORE13] when convergence ends, one event says how it came out, and never again', async (t) => {
  const { believe, plane, events, said, follower } = start(t, [2]);
  const going = { ...reportOf(2, null), late: false };
  plane.reports?.set(2, going);
  await believe(beliefOf(going));
  assert.deepEqual([said(), plane.asked], [[], 0], 'it goes on');
  plane.reports?.set(2, reportOf(2, 42));
  await believe(beliefOf(reportOf(2, 42)));
  await believe(beliefOf(reportOf(2, 42)));
  await follower.read(2);
  assert.deepEqual(said(), ['r2 as rehearsed: 99 % took 42 ms; 41–43 ms were predicted']);
  const [event] = events.list({ limit: 1 });
  assert.deepEqual([event?.kind, event?.severity, event?.subject], ['note', 'info', 'r2']);
});

test('[FORE13] a missed band is no alarm; far beyond it, or fewer nodes, is a warning', async (t) => {
  const { believe, plane, events } = start(t, [2, 3, 4]);
  for (const [revision, ms] of [
    [2, 61],
    [3, 2_000],
    [4, null],
  ] as const) {
    plane.reports?.set(revision, reportOf(revision, ms));
    await believe(beliefOf(reportOf(revision, ms)));
  }
  const told = events
    .list({ limit: 5 })
    .map(({ title, severity, detail }) => ({ title, severity, detail }));
  assert.deepEqual(told.reverse(), [
    {
      title: 'r2 beside its rehearsal: 99 % took 61 ms; 41–43 ms were predicted',
      severity: 'info',
      detail: '',
    },
    {
      title: 'r3 beside its rehearsal: 99 % took 2.00 s; 41–43 ms were predicted',
      severity: 'warning',
      detail: '',
    },
    {
      title: 'r4 beside its rehearsal: 99 % were never reached; 41–43 ms were predicted',
      severity: 'warning',
      detail: '1 of 2 nodes reached it; 2 of 2 were predicted.',
    },
  ]);
});

test('[FORE13] what is outside in any figure is beside its rehearsal, whatever T99 is', async (t) => {
  const { believe, plane, said } = start(t, [2, 3]);
  const soon = { ...reportOf(2, 42), t50Ms: 7 };
  plane.reports?.set(2, soon);
  await believe(beliefOf(soon));
  const large = { ...reportOf(3, 42), bytes: 9_000_000 };
  plane.reports?.set(3, large);
  await believe(beliefOf(large));
  assert.deepEqual(said(), [
    'r3 beside its rehearsal: 99 % took 42 ms; 41–43 ms were predicted',
    'r2 beside its rehearsal: 99 % took 42 ms; 41–43 ms were predicted',
  ]);
});

test('[FORE13] a revision that a newer one overtook is asked for once that has settled, also after a restart', async (t) => {
  const { believe, plane, said } = start(t, [2, 3]);
  plane.reports?.set(3, reportOf(3, 42));
  await believe(beliefOf(reportOf(3, 42)));
  assert.deepEqual(said(), ['r3 as rehearsed: 99 % took 42 ms; 41–43 ms were predicted']);
  const asked = plane.asked;
  await believe(beliefOf(reportOf(3, 42)));
  assert.equal(plane.asked, asked, 'asked once for each settled head');
  plane.reports?.set(2, reportOf(2, 43));
  plane.reports?.set(4, reportOf(4, 1));
  await believe(beliefOf(reportOf(4, 1)));
  assert.equal(said()[0], 'r2 as rehearsed: 99 % took 43 ms; 41–43 ms were predicted');
});

test('[FORE13] a late revision that is not the newest is told of too; another history is not', async (t) => {
  const { believe, plane, said } = start(t, [2]);
  plane.reports?.set(2, reportOf(2, null));
  const { curve: _curve, ...late } = reportOf(2, null);
  const belief = beliefOf({ ...reportOf(3, null), late: false }, { late: [late] });
  assert.ok(belief.head !== null);
  await believe({ ...belief, head: { ...belief.head, lineage: 'ff'.repeat(16) as Lineage } });
  assert.deepEqual(said(), []);
  await believe(belief);
  assert.equal(said().length, 1);
});

test('[FORE13] after a reset, revisions of the same numbers are told of again', async (t) => {
  const { believe, plane, said, forecasts } = start(t, [2, 3]);
  plane.reports?.set(3, reportOf(3, 42));
  await believe(beliefOf(reportOf(3, 42)));
  assert.equal(said().length, 1, 'r2 was asked for in vain');
  forecasts.forget();
  for (const revision of [2, 3]) {
    const text = `text of r${revision}`;
    forecasts.rehearsed({ text, forecast: forecastOf(), facts: factsOn(revision - 1), atMs: 8 });
    forecasts.published(publishedHead(revision));
  }
  plane.reports?.set(2, reportOf(2, 43));
  await believe(beliefOf(reportOf(3, 42)));
  assert.deepEqual(said().slice(0, 2).sort(), [
    'r2 as rehearsed: 99 % took 43 ms; 41–43 ms were predicted',
    'r3 as rehearsed: 99 % took 42 ms; 41–43 ms were predicted',
  ]);
});

test('[FORE12] a control plane that was started anew knows no curve: the whole one is told, as it was kept', async (t) => {
  const { follower, plane, believe } = start(t, [2]);
  const whole = {
    ...reportOf(2, 42),
    curve: [
      [41, 1],
      [42, 2],
    ] as const,
  };
  plane.reports?.set(2, whole);
  await believe(beliefOf(whole));
  const before = await follower.read(2);
  plane.reports?.set(2, { ...whole, nodes: 3, reached: 3, curve: [[42, 3]] });
  for (const _again of [1, 2]) {
    const after = await follower.read(2);
    assert.deepEqual(after?.actual?.curve, whole.curve);
    assert.equal(after.actual.reached, 3, 'who came since is counted');
    assert.equal(after.comparison?.curveWithinPerMille, before?.comparison?.curveWithinPerMille);
  }
  plane.reports = null;
  assert.deepEqual((await follower.read(2))?.actual?.curve, whole.curve);
});

test('[FORE18] with faults of one’s own it is said what came of it, and no verdict is given', async (t) => {
  const { believe, plane, events, forecasts } = start(t, []);
  const forecast = forecastOf({ faults: ['control plane killed'] });
  forecasts.rehearsed({ text: 'text of r2', forecast, facts: factsOn(1), atMs: 7 });
  forecasts.published(publishedHead(2));
  plane.reports?.set(2, reportOf(2, 9_000));
  await believe(beliefOf(reportOf(2, 9_000)));
  const [event] = events.list({ limit: 1 });
  assert.deepEqual(
    [event?.severity, event?.title],
    ['info', 'r2 was rehearsed with chosen faults: 99 % took 9.00 s; 41–43 ms were predicted'],
  );
});

test('[FORE13] what was broken in the rehearsal alone is said beside the difference', async (t) => {
  const { believe, plane, events, forecasts } = start(t, []);
  const forecast = forecastOf({ faults: ['control plane killed', 'links cut, cell a'] });
  forecasts.rehearsed({ text: 'text of r2', forecast, facts: factsOn(1), atMs: 7 });
  forecasts.published(publishedHead(2));
  plane.reports?.set(2, reportOf(2, 12));
  await believe(beliefOf(reportOf(2, 12)));
  const [event] = events.list({ limit: 1 });
  assert.equal(
    event?.detail,
    'It was rehearsed with a fault that was chosen for that: control plane killed, and 1 more. So how it came out is not held against the prediction.',
  );
});
