import process from 'node:process';
import { changeConfig } from '../../../simulator/twin/change-config.ts';
import { runTwin } from '../../../simulator/twin/run-twin.ts';
import { DEFAULT_TWIN_OPTIONS } from '../../../simulator/twin/twin-options.ts';

/** Prints the trace hash of a run with faults; reads nothing, so that a bundle of it can run anywhere. */

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
      fault: { kind: 'node-restart', target: { scope: 'cell', cell: 'us-east' }, disk: 'corrupt' },
    },
  ],
});
process.stdout.write(`${traceHash}\n`);
