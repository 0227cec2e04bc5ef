import { type CompiledGateway, compileGateway } from '../core/gateway/compile.ts';
import { explain } from '../core/gateway/explain.ts';
import { hostnameFits, hostnameOf } from '../core/gateway/hostname.ts';
import { parseConfig } from '../core/gateway/parse-config.ts';
import { type CompiledMatch, fitsPath, fitsValue } from '../core/gateway/path-table.ts';
import { compareMatches } from '../core/gateway/precedence.ts';
import { NO_CONTEXT, RequestView } from '../core/gateway/request-view.ts';
import {
  answerAtGateway,
  type GatewayRequest,
  route,
  sendToBackend,
} from '../core/gateway/route.ts';
import { sampleConfigText } from './sample-config.ts';
import { type BenchRow, median } from './statistics.ts';

const ROUTES = 1_000;
const REQUESTS = 1_000;
const ROUNDS = 7;
const ROUTED_PER_ROUND = 1_000_000;
const SCANNED_PER_ROUND = 2_000;
const EXPLAINED_PER_ROUND = 200;

/**
 * The router at 1,000 routes of three rules: requests a second on one core against a linear scan over
 * the same compiled matches in the same run, the cost of an explanation, and compiling.
 */
export function benchRouter(): BenchRow[] {
  const documents = parseConfig(sampleConfigText(ROUTES)).documents;
  const resources = documents.flatMap(({ key, body }) => (body === null ? [] : [{ key, body }]));
  const fresh = () => resources.map(({ key, body }) => ({ key, body: structuredClone(body) }));
  const gateway = compileGateway(resources);
  const requests = requestsOf();
  const scanned = flatten(gateway);
  for (const request of requests) {
    const byTable = route(gateway, request, 0);
    const byScan = scan(scanned, request);
    if (byTable.kind !== 'backend' || byScan.kind !== 'backend') throw new Error('not routed');
    if (byTable.backend !== byScan.backend) throw new Error('table and scan disagree');
  }
  const routed = perSecond(ROUTED_PER_ROUND, (i) => {
    route(gateway, requests[i % REQUESTS] as GatewayRequest, i);
  });
  const scanRate = perSecond(SCANNED_PER_ROUND, (i) => {
    scan(scanned, requests[i % REQUESTS] as GatewayRequest);
  });
  const explained = perSecond(EXPLAINED_PER_ROUND, (i) => {
    explain(gateway, requests[i % REQUESTS] as GatewayRequest, i);
  });
  const coldMs = timesMs(() => fresh(), compileGateway);
  const changedMs = timesMs(() => {
    const last = resources.length - 1;
    return resources.map((one, i) =>
      i === last ? { ...one, body: structuredClone(one.body) } : one,
    );
  }, compileGateway);
  return [
    row('router, 1,000 routes, requests routed', routed / 1e6, 'M/s', '≥ 1 M/s a core', ROUNDS, {
      baseline: scanRate / 1e6,
      baselineName: 'linear scan over the same compiled matches',
    }),
    row('router, 1,000 routes, explain', 1e6 / explained, 'µs', '', ROUNDS, {
      baseline: 1e6 / routed,
      baselineName: 'route',
    }),
    row('router, 1,000 routes, compile', median(coldMs), 'ms', '< 50 ms', ROUNDS),
    row('router, 1,000 routes, compile after one change', median(changedMs), 'ms', '', ROUNDS, {
      baseline: median(coldMs),
      baselineName: 'compile of bodies never seen',
    }),
  ];
}

function row(
  name: string,
  measured: number,
  unit: string,
  bar: string,
  samples: number,
  base: { readonly baseline: number; readonly baselineName: string } | null = null,
): BenchRow {
  return {
    name,
    measured,
    unit,
    baseline: base?.baseline ?? null,
    baselineName: base?.baselineName ?? '',
    ratio: base === null ? null : measured / base.baseline,
    bar,
    samples,
  };
}

/** One for every route, in an order in which neighbours have nothing in common. */
function requestsOf(): GatewayRequest[] {
  const parts = ['list', 'item', 'edit'];
  return Array.from({ length: REQUESTS }, (_, i) => {
    const at = (i * 389) % ROUTES;
    return {
      method: 'GET',
      scheme: 'http',
      host: `h${at % 50}.bench.example`,
      port: 80,
      path: `/route-${String(at).padStart(5, '0')}/${parts[i % 3]}/42?page=2`,
      headers: { accept: '*/*', 'x-edition': '0', 'user-agent': 'bench' },
    };
  });
}

type Scanned = readonly { readonly hostname: string; readonly match: CompiledMatch }[];

function flatten(gateway: CompiledGateway): Scanned {
  const all: { hostname: string; match: CompiledMatch }[] = [];
  for (const listeners of gateway.listeners.values()) {
    for (const [, listener] of listeners.entries()) {
      for (const [hostname, table] of listener.hosts.entries()) {
        for (const match of table.matches) all.push({ hostname, match });
      }
    }
  }
  return all.sort((a, b) => compareMatches(a.match, b.match));
}

/** What a router without tables does: every match in order of precedence until one fits. */
function scan(matches: Scanned, request: GatewayRequest): ReturnType<typeof route> {
  const hostname = hostnameOf(request.host);
  const view = new RequestView(request.method, request.path, request.headers, NO_CONTEXT, 0);
  for (const { hostname: pattern, match } of matches) {
    if (!hostnameFits(pattern, hostname) || !fitsPath(match.path, view.path)) continue;
    if (match.method !== null && match.method !== request.method) continue;
    if (!match.headers.every((wanted) => fitsValue(wanted, view.header(wanted.name)))) continue;
    const own = answerAtGateway(match, request, hostname, view);
    const backend = match.target.backends[0];
    if (own !== null || backend === undefined) break;
    return sendToBackend(match, backend, request, hostname);
  }
  return { kind: 'error', status: 404, reason: 'no-route' };
}

function perSecond(count: number, run: (i: number) => void): number {
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const startedAt = performance.now();
    for (let i = 0; i < count; i += 1) run(i);
    // The first round warms up.
    if (round > 0) rates.push((count * 1_000) / (performance.now() - startedAt));
  }
  return median(rates);
}

function timesMs<T>(prepare: () => T, run: (input: T) => void): number[] {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const input = prepare();
    const startedAt = performance.now();
    run(input);
    if (round > 0) times.push(performance.now() - startedAt);
  }
  return times;
}
