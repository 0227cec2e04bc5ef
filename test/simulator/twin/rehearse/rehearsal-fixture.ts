import assert from 'node:assert/strict';
import type { RehearsalRequest } from '../../../../core/protocol/twin-control.ts';
import type { FleetShape } from '../../../../core/rehearsal/fleet-shape.ts';
import { plannedShape } from '../../../../core/rehearsal/planned-shape.ts';
import type { SeedOutcome } from '../../../../core/rehearsal/seed-outcome.ts';
import { prepareRehearsal } from '../../../../simulator/twin/rehearse/prepare-rehearsal.ts';
import { RehearsedSeed } from '../../../../simulator/twin/rehearse/rehearsed-seed.ts';
import type { ScheduledFault, TwinFault } from '../../../../simulator/twin/twin-fault.ts';

/** A gateway, a service, and a route with one path for each of `paths`. */
export function config(paths: readonly string[], filters = ''): string {
  const rules = paths.map(
    (path) =>
      `  - {matches: [{path: {type: PathPrefix, value: ${path}}}], backendRefs: [{name: shop, port: 80}]${filters}}`,
  );
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: holdfast
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: shop}
spec:
  ports: [{name: http, port: 80, protocol: TCP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules:
${rules.join('\n')}
`;
}

/** What older agents lack. */
export const CORS = ', filters: [{type: CORS, cors: {allowOrigins: ["https://shop.example.com"]}}]';

export const BASE = config(['/a', '/b']);
export const DRAFT = config(['/a', '/b', '/c']);

/** 20 nodes in 2 cells that serve `BASE`. */
export function shape(changes: Partial<FleetShape> = {}): FleetShape {
  return { ...plannedShape(20, 2, BASE), ...changes };
}

export function request(changes: Partial<RehearsalRequest> = {}): RehearsalRequest {
  return {
    shape: shape(),
    draftText: DRAFT,
    faultsText: null,
    firstSeed: 1,
    seedsMax: 3,
    budgetMs: null,
    horizonMs: 30_000,
    ...changes,
  };
}

/** One seed, in steps of this many; in one go when not given. */
export function rehearse(
  changes: Partial<RehearsalRequest> = {},
  seed = 1,
  stepsMax = Number.MAX_SAFE_INTEGER,
): { readonly run: RehearsedSeed; readonly outcome: SeedOutcome } {
  const rehearsal = prepareRehearsal(request(changes));
  assert.ok(rehearsal.ok, rehearsal.ok ? '' : rehearsal.error.detail);
  const run = new RehearsedSeed(rehearsal.value, seed);
  while (!run.work(stepsMax));
  return { run, outcome: run.outcome() };
}

export function faultsText(...faults: readonly [atMs: number, fault: TwinFault][]): string {
  return JSON.stringify(faults.map(([atMs, fault]): ScheduledFault => ({ atMs, fault })));
}
