import { changeConfig } from '../../../simulator/twin/change-config.ts';
import { runTwin } from '../../../simulator/twin/run-twin.ts';
import { runSeed } from '../../../simulator/twin/swarm/run-seed.ts';
import { drawPlan } from '../../../simulator/twin/swarm/swarm-plan.ts';
import { DEFAULT_TWIN_OPTIONS } from '../../../simulator/twin/twin-options.ts';

/** Between them they draw an older store put back, and most of the other faults. */
const SWARM_SEEDS = [7, 11];

const CONFIG = [
  'apiVersion: gateway.networking.k8s.io/v1',
  'kind: Gateway',
  'metadata: {name: public, namespace: shop}',
  'spec: {gatewayClassName: holdfast, listeners: [{name: http, port: 80, protocol: HTTP}]}',
  '---',
  'apiVersion: v1',
  'kind: Service',
  'metadata: {name: cart, namespace: shop}',
  'spec: {ports: [{port: 8080}]}',
  '---',
  'apiVersion: gateway.networking.k8s.io/v1',
  'kind: HTTPRoute',
  'metadata: {name: cart, namespace: shop}',
  'spec: {parentRefs: [{name: public}], rules: [{backendRefs: [{name: cart, port: 8080}]}]}',
].join('\n');

/** Trace hashes of a run with faults and of seeds of the swarm. Reads nothing, so that a bundle can run anywhere. */
export async function traceHashes(): Promise<readonly string[]> {
  const { traceHash } = runTwin({
    ...DEFAULT_TWIN_OPTIONS,
    nodes: 60,
    cells: 3,
    seed: 4_242,
    durationUs: 240_000_000,
    configText: CONFIG,
    publishes: { everyUs: 20_000_000, textOf: (step) => changeConfig(CONFIG, step) },
    faults: [
      {
        atMs: 30_000,
        fault: {
          kind: 'link-loss',
          target: { scope: 'fleet' },
          perMille: 100,
          stallMs: 700,
          durationMs: 60_000,
        },
      },
      { atMs: 100_000, fault: { kind: 'control-plane-kill', downMs: 35_000 } },
      {
        atMs: 150_000,
        fault: {
          kind: 'node-restart',
          target: { scope: 'cell', cell: 'us-east' },
          disk: 'corrupt',
        },
      },
    ],
  });
  const hashes = [traceHash];
  for (const seed of SWARM_SEEDS) hashes.push((await runSeed(drawPlan(seed), null)).traceHash);
  return hashes;
}
