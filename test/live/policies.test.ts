import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { compileGateway } from '../../core/gateway/compile.ts';
import { parseConfig } from '../../core/gateway/parse-config.ts';
import { deriveRequestShapes } from '../../core/gateway/request-shapes.ts';
import { route } from '../../core/gateway/route.ts';
import type { ConsoleStatus, NodeRow } from '../../core/protocol/console-model.ts';
import { type ConsoleProcess, readExample, startConsole } from '../support/console-process.ts';

const NODES = 20;
const ROUNDS_MAX = 100;
const SHOP = readExample('shop.yaml');

/** What most of the sample's requests ask for, and the route that answers them. */
function busiest() {
  const resources = parseConfig(SHOP).documents.flatMap(({ key, body }) =>
    body === null ? [] : [{ key, body }],
  );
  const [request] = deriveRequestShapes(resources);
  assert.ok(request !== undefined);
  const outcome = route(compileGateway(resources), request, 0);
  assert.ok(outcome.kind === 'backend');
  const body = resources.find(({ key }) => key === outcome.route)?.body;
  const [, namespace = '', name = ''] = outcome.route.split('/');
  return { request, namespace, name, parentRefs: JSON.stringify(Object(body?.spec).parentRefs) };
}

const { request, namespace, name, parentRefs } = busiest();

function limited(limit: string): string {
  return `---
apiVersion: holdfast.dev/v1alpha1
kind: TrafficPolicy
metadata: {name: tiny, namespace: ${namespace}}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: ${name}}]
  ${limit}
`;
}

/** A rule without a backend, which fails whoever it takes, on the nodes of one cell. */
function flagged(cell: string): string {
  return `---
apiVersion: holdfast.dev/v1alpha1
kind: FeatureFlag
metadata: {name: one-cell, namespace: ${namespace}}
spec: {mode: Conditional, when: {cells: [${cell}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: gated, namespace: ${namespace}}
spec:
  parentRefs: ${parentRefs}
  hostnames: [${request.host}]
  rules:
    - matches: [{path: {type: Exact, value: ${request.path}}}]
      filters: [{type: ExtensionRef, extensionRef: {group: holdfast.dev, kind: FeatureFlag, name: one-cell}}]
`;
}

/** A narrower route to a backend that is drained, behind a breaker that opens soon. */
const DRAINED = `---
apiVersion: holdfast.dev/v1alpha1
kind: Backend
metadata: {name: drained, namespace: ${namespace}}
spec: {endpoints: []}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: drained, namespace: ${namespace}}
spec:
  parentRefs: ${parentRefs}
  hostnames: [${request.host}]
  rules:
    - matches: [{path: {type: Exact, value: ${request.path}}}]
      backendRefs: [{group: holdfast.dev, kind: Backend, name: drained}]
---
apiVersion: holdfast.dev/v1alpha1
kind: TrafficPolicy
metadata: {name: breaker, namespace: ${namespace}}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: drained}]
  circuitBreaker: {failurePercent: 50, minRequests: 1, interval: 1s, openFor: 30s}
`;

const isSettled = (revision: number) => (status: ConsoleStatus) =>
  status.head?.revision === revision &&
  status.fleet.inventory === NODES &&
  status.fleet.acknowledged + status.fleet.rejected === NODES;

const isCalm = ({ traffic }: ConsoleStatus) =>
  traffic.successRate === 1 && traffic.limitedPerSecond === 0 && traffic.shedPerSecond === 0;

describe(`policies on ${NODES} live nodes`, { timeout: 180_000 }, () => {
  let console: ConsoleProcess;

  before(async () => {
    console = await startConsole({ args: ['--nodes', String(NODES), '--cells', '2'] });
  });
  after(() => console.stop());

  const publish = async (text: string, message: string) => {
    const { revision } = await console.must('publish', { text, message });
    await console.until(`r${revision} is everywhere`, isSettled(revision));
    return revision;
  };

  /** Looks at the nodes once a status until they are as asked. */
  const untilNodes = async (holds: (nodes: readonly NodeRow[]) => boolean): Promise<void> => {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const { atMs } = await console.status();
      const { nodes } = await console.must('list-nodes', {});
      if (holds(nodes)) return;
      await console.until('time goes on', (status) => status.atMs > atMs + 200);
    }
    assert.fail('the nodes did not get there');
  };

  test('[LIVEPOL1] the first run is taken by every node and answers everything; strangers are few', async () => {
    const first = await console.until('r1 is everywhere', isSettled(1));
    assert.equal(first.fleet.rejected, 0);
    const { traffic } = await console.until(
      'somebody was denied and all was answered',
      (status) => isCalm(status) && status.traffic.deniedPerSecond > 0,
    );
    assert.ok(traffic.deniedPerSecond <= 0.05 * traffic.requestsPerSecond, JSON.stringify(traffic));
    const { stdout } = await console.cli('status');
    assert.match(stdout, /100\.000 % answered/);
    assert.doesNotMatch(stdout, /limited|shed/);
  });

  test('[LIVEPOL2] a tiny rate limit on a busy route is seen as limited requests, while all are answered', async () => {
    await publish(SHOP + limited('rateLimit: {requests: 1, window: 1s}'), 'hardly any');
    const { traffic } = await console.until(
      'requests are limited',
      (status) => status.traffic.limitedPerSecond > NODES,
    );
    assert.equal(traffic.successRate, 1);
    assert.equal(traffic.shedPerSecond, 0);
    assert.match((await console.cli('status')).stdout, /\/s limited \(429\)/);
    await publish(SHOP, 'without the limit');
    await console.until('nothing is limited any more', isCalm);
  });

  test('[LIVEPOL4] what a concurrency limit sheds is seen as shed, and as failed', async () => {
    const limit = 'concurrency: {maxRequests: 1, shedFromPercent: 1}';
    await publish(SHOP + limited(limit), 'nobody waits');
    const { traffic } = await console.until(
      'requests are shed',
      (s) => s.traffic.shedPerSecond > 0,
    );
    assert.ok((traffic.successRate ?? 1) < 1);
    assert.equal(traffic.failedPerSecond, traffic.shedPerSecond);
    assert.match((await console.cli('status')).stdout, /\/s shed \(503\)/);
    await publish(SHOP, 'without the limit');
    await console.until('nothing is shed any more', isCalm);
  });

  test('[LIVEPOL5] a breaker opens for a drained backend: what it refuses is seen as shed', async () => {
    await publish(SHOP + DRAINED, 'drain one backend');
    const { traffic } = await console.until(
      'the breaker refuses requests',
      (s) => s.traffic.shedPerSecond > 0,
    );
    assert.ok(traffic.failedPerSecond >= traffic.shedPerSecond);
    await publish(SHOP, 'without it');
    await console.until('everything is answered', isCalm);
  });

  test('[LIVEPOL3] a flag of one cell turns a rule on for the nodes of this cell alone', async () => {
    const cell = (await console.must('list-nodes', {})).nodes[0]?.cell ?? '';
    const revision = await publish(`${SHOP}${flagged(cell)}`, 'one cell');
    const takesIt = (node: NodeRow) => node.cell === cell && node.servingRevision === revision;
    const isElsewhere = (node: NodeRow) => node.cell !== cell && node.servingRevision === revision;
    // A node of an older build does not know such flags, refuses the config and serves on.
    await untilNodes(
      (nodes) =>
        nodes.some(takesIt) &&
        nodes.some(isElsewhere) &&
        nodes.every((node) => node.failuresPerSecond > 0 === takesIt(node)),
    );
    await publish(SHOP, 'without the flag');
    await console.until('everything is answered', isCalm);
  });
});
