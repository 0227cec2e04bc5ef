import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeFault } from '../../../core/fault/describe-fault.ts';
import type { ActiveFault } from '../../../core/fault/fault.ts';
import type { Alert, ConsoleEvent, ConsoleStatus } from '../../../core/protocol/console-model.ts';
import {
  generationSchema,
  lineageSchema,
  revisionSchema,
  rootHashSchema,
} from '../../../core/protocol/primitives.ts';
import {
  countTarget,
  describeRestart,
  faultsOfCell,
} from '../../../renderer/actions/describe-target.ts';
import { minuteTicks } from '../../../renderer/charts/minute-ticks.ts';
import { actionOfTheMoment } from '../../../renderer/shell/moment-action.ts';
import { firstRefusal, statusFacts } from '../../../renderer/shell/status-facts.ts';
import { layoutStrip } from '../../../renderer/shell/strip-layout.ts';
import { rosterOf } from '../fleet/fleet-support.ts';

const NOW_MS = 1_000_000;

function statusOf(over: Partial<ConsoleStatus> = {}): ConsoleStatus {
  return {
    atMs: NOW_MS,
    controlPlane: { state: 'up', sinceMs: NOW_MS - 60_000, pid: 1, reason: null },
    simulator: { state: 'up', sinceMs: NOW_MS - 60_000, pid: 2, reason: null },
    head: {
      revision: revisionSchema.parse(12),
      generation: generationSchema.parse(12),
      rootHash: rootHashSchema.parse('0'.repeat(64)),
      lineage: lineageSchema.parse('0'.repeat(16)),
      author: 'mira',
      message: 'first',
      publishedAtMs: 0,
    },
    fleet: {
      inventory: 5_000,
      serving: 5_000,
      acknowledged: 5_000,
      connected: 5_000,
      behind: 0,
      rejected: 0,
      ahead: 0,
      believedAtMs: NOW_MS,
      bySyncStatus: { UNKNOWN: 0, NOT_SENT: 0, STALE: 0, SYNCED: 5_000, ERROR: 0 },
      bySource: { 'control-plane': 5_000, 'snapshot-store': 0, disk: 0, default: 0 },
    },
    staleness: {
      lagRevisionsMax: 0,
      lagMsMax: 0,
      unverifiedMsMax: 9_000,
      overBudget: 0,
      budget: { lagRevisions: 3, lagMs: 60_000, unverifiedMs: 300_000 },
    },
    traffic: {
      requestsPerSecond: 20_070,
      successRate: 1,
      unroutedPerSecond: 0,
      failedPerSecond: 0,
      refusedPerSecond: 0,
      limitedPerSecond: 0,
      shedPerSecond: 0,
      deniedPerSecond: 0,
      latencyP50Ms: 1,
      latencyP99Ms: 2,
    },
    convergence: null,
    controlPlaneLoad: null,
    faults: [],
    alerts: [],
    draft: null,
    ...over,
  };
}

const factsOf = (status: ConsoleStatus, nowMs = NOW_MS) =>
  Object.fromEntries(statusFacts(status, nowMs).map((fact) => [fact.id, fact]));

test('[UIBAR1] when all is well no fact takes colour', () => {
  const facts = statusFacts(statusOf(), NOW_MS);
  assert.equal(facts.length, 5);
  assert.deepEqual([...new Set(facts.map((fact) => fact.tone))], ['quiet']);
  assert.equal(facts[1]?.value, '5,000 / 5,000 serving');
  assert.equal(facts[1]?.qualifier, '20.1k req/s, 100 % answered');
  assert.equal(facts[2]?.value, 'r12 on 5,000 of 5,000');
});

test('[UIBAR2] a dead control plane takes colour and ticks; serving does not', () => {
  const down = statusOf({
    controlPlane: { state: 'down', sinceMs: NOW_MS - 42_000, pid: null, reason: 'killed by you' },
  });
  const facts = factsOf(down);
  assert.equal(facts['control-plane']?.value, 'Control plane down · 0:42');
  assert.match(facts['control-plane']?.qualifier ?? '', /^killed by you \d\d:\d\d:\d\d$/);
  assert.equal(facts['control-plane']?.tone, 'bad');
  assert.equal(facts.serving?.tone, 'quiet');
  assert.match(facts.acknowledged?.qualifier ?? '', /^as of /);
  assert.equal(factsOf(down, NOW_MS + 1_000)['control-plane']?.value, 'Control plane down · 0:43');
});

test('[UIBAR3] X counts acknowledged nodes, Y the inventory; the rest is named', () => {
  const fleet = { ...statusOf().fleet, acknowledged: 4_987, rejected: 13, behind: 13 };
  const facts = factsOf(statusOf({ fleet }));
  assert.equal(facts.acknowledged?.value, 'r12 on 4,987 of 5,000');
  assert.equal(facts.acknowledged?.qualifier, 'acknowledged, 13 rejected');
  assert.equal(facts.acknowledged?.tone, 'warn');
});

test('[UIBAR4] the one action offered fits the moment', () => {
  const down = { state: 'down', sinceMs: 0, pid: null, reason: null } as const;
  const ahead = { ...statusOf().fleet, ahead: 3 };
  const draft = { base: revisionSchema.parse(12), savedAtMs: 0 };
  const inFleet = { inConfig: false, publishBlocked: null };
  const inConfig = { inConfig: true, publishBlocked: null };
  const idOf = (status: ConsoleStatus, config = inConfig) =>
    actionOfTheMoment(status, config).actionId;
  assert.equal(idOf(statusOf()), 'control-plane.kill');
  assert.equal(idOf(statusOf({ draft })), 'draft.publish');
  assert.equal(idOf(statusOf({ draft }), inFleet), 'control-plane.kill');
  assert.equal(idOf(statusOf({ draft, fleet: ahead })), 'control-plane.adopt-fleet');
  assert.equal(idOf(statusOf({ draft, fleet: ahead, controlPlane: down })), 'control-plane.start');
  assert.equal(idOf(statusOf({ controlPlane: { ...down, state: 'starting' } })), null);
});

test('[UIBAR5] a draft that cannot be published is not offered as if it could', () => {
  const draft = { base: revisionSchema.parse(12), savedAtMs: 0 };
  const publishBlocked = '11 problems block it.';
  const action = actionOfTheMoment(statusOf({ draft }), { inConfig: true, publishBlocked });
  assert.deepEqual([action.actionId, action.blocked], ['draft.publish', publishBlocked]);
});

test('[UIBAR6] what fails comes before what serves', () => {
  const traffic = { ...statusOf().traffic, successRate: 0.656 };
  const facts = factsOf(statusOf({ traffic }));
  assert.equal(facts.serving?.value, '65.6 % answered');
  assert.match(facts.serving?.qualifier ?? '', /^5,000 \/ 5,000 serving/);
  assert.equal(facts.serving?.tone, 'bad');
  const simulator = { state: 'down', sinceMs: NOW_MS - 3_000, pid: null, reason: null } as const;
  assert.equal(factsOf(statusOf({ simulator })).serving?.value, '0 / 5,000 serving');
});

test('[UIBAR9] what policies turn away is said, and is no alarm by itself', () => {
  const limited = { ...statusOf().traffic, limitedPerSecond: 1_240, deniedPerSecond: 900 };
  const facts = factsOf(statusOf({ traffic: limited }));
  assert.equal(
    facts.serving?.qualifier,
    '20.1k req/s, 100 % answered, 1,240/s limited, 900/s denied',
  );
  assert.equal(facts.serving?.tone, 'quiet');
  const few = factsOf(statusOf({ traffic: { ...statusOf().traffic, deniedPerSecond: 400 } }));
  assert.equal(few.serving?.qualifier, '20.1k req/s, 100 % answered', 'strangers are no news');
  const shed = { ...statusOf().traffic, successRate: 0.98, shedPerSecond: 401 };
  const lost = factsOf(statusOf({ traffic: shed })).serving;
  assert.equal(lost?.value, '98 % answered');
  assert.match(lost?.qualifier ?? '', /, 401\/s shed$/);
});

test('[UIBAR7] nodes over budget are counted with the bound that they are over', () => {
  const over = (change: Partial<ConsoleStatus['staleness']>) =>
    factsOf(statusOf({ staleness: { ...statusOf().staleness, overBudget: 68, ...change } }))
      .unverified?.qualifier;
  assert.equal(over({ unverifiedMsMax: 33_000 }), '68 never verified');
  assert.equal(over({ unverifiedMsMax: 301_000 }), '68 nodes over budget');
  assert.equal(over({ lagRevisionsMax: 4 }), '68 nodes over 3 revisions');
  assert.equal(over({ lagMsMax: 61_000 }), '68 nodes over 1:00 of lag');
  assert.equal(over({ unverifiedMsMax: 301_000, lagMsMax: 61_000 }), '68 over this or 1:00 of lag');
  const calm = { overBudget: 0, lagRevisionsMax: 3 };
  assert.equal(over(calm), 'up to 3 revisions behind');
});

test('[UIBAR8] a refused first config is named; an outage leaves room for the other alert', () => {
  const refused = event({ kind: 'publish-refused', title: 'broken.yaml refused: 4 errors' });
  const status = statusOf({ head: null });
  const refusal = firstRefusal(status, [refused, event({ id: 2 })]);
  assert.equal(statusFacts(status, NOW_MS, refusal)[2]?.qualifier, 'broken.yaml refused: 4 errors');
  assert.equal(statusFacts(status, NOW_MS)[2]?.qualifier, 'no config published yet');
  assert.equal(firstRefusal(statusOf(), [refused]), null);
  const alert = (kind: Alert['kind'], title: string): Alert => ({
    id: kind,
    kind,
    title,
    detail: '',
    raisedAtMs: 0,
    clearedAtMs: null,
  });
  const alerts = [
    alert('control-plane-down', 'Control plane is down'),
    alert('nodes-rejected', '10 nodes rejected r3'),
  ];
  assert.equal(factsOf(statusOf({ alerts })).alerts?.qualifier, '10 rejected r3');
});

const event = (over: Partial<ConsoleEvent>): ConsoleEvent => ({
  id: 1,
  atMs: NOW_MS,
  kind: 'note',
  severity: 'info',
  title: 'something',
  detail: '',
  subject: null,
  ...over,
});

function strip(
  events: readonly ConsoleEvent[],
  faults: readonly ActiveFault[] = [],
  widthPx = 1_000,
) {
  return layoutStrip({
    events,
    status: statusOf({ faults }),
    nowMs: NOW_MS,
    spanMs: 600_000,
    widthPx,
    describe: (active) => describeFault(active.fault),
  });
}

test('[UISTRIP1] an outage is a bar from exit to start, and runs on while it lasts', () => {
  const exit = event({
    id: 1,
    atMs: NOW_MS - 300_000,
    kind: 'process-exited',
    subject: 'control-plane',
  });
  const start = event({
    id: 2,
    atMs: NOW_MS - 150_000,
    kind: 'process-started',
    subject: 'control-plane',
  });
  const [over] = strip([exit, start]).bars;
  assert.deepEqual([over?.from, over?.to, over?.endMs], [0.5, 0.75, NOW_MS - 150_000]);
  const [open] = strip([exit]).bars;
  assert.deepEqual([open?.to, open?.endMs, open?.label], [1, null, 'Control plane down']);
});

test('[UISTRIP2] a fault that began before the log is drawn from the status', () => {
  const active: ActiveFault = {
    id: 'f1',
    fault: { kind: 'link-partition', target: { scope: 'cell', cell: 'eu' }, durationMs: null },
    startedAtMs: NOW_MS - 1_200_000,
    endsAtMs: null,
    nodes: 3,
  };
  const [bar] = strip([], [active]).bars;
  assert.deepEqual([bar?.from, bar?.to, bar?.label], [0, 1, 'links cut, cell eu']);
  const gone = event({ atMs: NOW_MS - 1_000, kind: 'fault-started', subject: 'f2' });
  assert.equal(strip([gone]).bars.length, 0);
});

const faultOf = (id: string, cell: string, startedAtMs: number): ActiveFault => ({
  id,
  fault: { kind: 'link-partition', target: { scope: 'cell', cell }, durationMs: null },
  startedAtMs,
  endsAtMs: null,
  nodes: 3,
});

test('[UISTRIP5] a fault that has ended is drawn once, though an older status still names it', () => {
  const startedAtMs = NOW_MS - 9_000;
  const events = [
    event({ id: 1, atMs: startedAtMs, kind: 'fault-started', subject: 'f1' }),
    event({ id: 2, atMs: NOW_MS - 1_000, kind: 'fault-ended', subject: 'f1' }),
  ];
  const { bars } = strip(events, [faultOf('f1', 'us-east', startedAtMs)]);
  assert.deepEqual(
    bars.map((bar) => [bar.id, bar.endMs]),
    [['fault:f1', NOW_MS - 1_000]],
  );
});

test('[UISTRIP6] an outage and two faults have a row each, and the outage keeps its label', () => {
  const exit = event({
    atMs: NOW_MS - 5_000,
    kind: 'process-exited',
    subject: 'control-plane',
    title: 'Control plane is down',
  });
  const faults = [faultOf('f1', 'a', NOW_MS - 9_000), faultOf('f2', 'b', NOW_MS - 7_000)];
  const { bars } = strip([exit], faults);
  assert.deepEqual(bars.map((bar) => bar.lane).sort(), [0, 1, 2]);
  const outage = bars.find((bar) => bar.id.startsWith('process:'));
  assert.deepEqual([outage?.lane, outage?.labelShown], [0, 'Control plane down +2 faults']);
  assert.equal(bars.filter((bar) => bar.labelShown !== null).length, 1);
});

test('[UISTRIP3] labels never lie on each other', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 60 }), (ages) => {
      const events = ages.map((age, i) =>
        event({ id: i + 1, atMs: NOW_MS - age, kind: 'published', subject: `r${i + 1}` }),
      );
      const shown = strip(events)
        .marks.filter((mark) => mark.labelAnchor !== null)
        .map((mark) => {
          const length = mark.label.length * 6.1;
          const x = mark.x * 1_000;
          return mark.labelAnchor === 'middle'
            ? x - length / 2
            : mark.labelAnchor === 'start'
              ? x
              : x - length;
        })
        .sort((a, b) => a - b);
      shown.forEach((left, i) => {
        assert.ok(i === 0 || left - (shown[i - 1] ?? 0) >= 10);
      });
    }),
    { numRuns: 100 },
  );
});

test('[UISTRIP4] ticks are whole minutes within the span', () => {
  const ticks = minuteTicks(NOW_MS, 600_000, 60_000);
  assert.ok(ticks.every((at) => at % 60_000 === 0 && at > NOW_MS - 600_000 && at <= NOW_MS));
  assert.equal(ticks.length, 10);
});

test('[UIDANGER1] what a dangerous action touches is counted before it is done', () => {
  const roster = rosterOf({ eu: 3, us: 2 });
  assert.equal(countTarget({ scope: 'fleet' }, roster), 5);
  assert.equal(countTarget({ scope: 'cell', cell: 'us' }, roster), 2);
  assert.equal(countTarget({ scope: 'cell', cell: 'nowhere' }, roster), 0);
  assert.match(describeRestart(2, 'wipe'), /^2 nodes .*empty disk/);
  assert.match(describeRestart(1, 'keep'), /^1 node .*from their disks/);
});

test('[UIFAULT1] a cell names the faults that touch it or any node of it', () => {
  const fault = (id: string, target: ActiveFault['fault']['target']): ActiveFault => ({
    id,
    fault: { kind: 'link-partition', target, durationMs: null },
    startedAtMs: 0,
    endsAtMs: null,
    nodes: 1,
  });
  const [first] = rosterOf({ eu: 1 }).nodeIds;
  assert.ok(first !== undefined);
  const faults = [
    fault('a', { scope: 'fleet' }),
    fault('b', { scope: 'cell', cell: 'us' }),
    fault('c', { scope: 'node', nodeId: first }),
  ];
  assert.deepEqual(
    faultsOfCell(faults, 'eu').map((each) => each.id),
    ['a', 'c'],
  );
});
