import { DocumentCache, parseConfig } from '../core/gateway/parse-config.ts';
import { sampleConfigText } from './sample-config.ts';
import { type BenchRow, median, quantile } from './statistics.ts';

const ROUTES = 1_000;
const EDITS = 40;
const WHOLE = 5;

/**
 * Time from a keystroke in one of 1,000 routes to all problems of the text, against reading all of
 * it in the same run. The edited route is another one each time. Each edit is followed by one of a
 * Service, after which all references are judged anew.
 */
export function benchAnalysis(): BenchRow[] {
  const whole: number[] = [];
  for (let i = 0; i < WHOLE; i += 1) {
    whole.push(timed(() => parseConfig(sampleConfigText(ROUTES))));
  }
  const cache = new DocumentCache();
  parseConfig(sampleConfigText(ROUTES), cache);
  const edits: number[] = [];
  const faults: number[] = [];
  for (let i = 0; i < EDITS; i += 1) {
    const text = sampleConfigText(ROUTES, (i * 37) % ROUTES, i + 1);
    edits.push(timed(() => parseConfig(text, cache)));
    // A reference that leads nowhere, and a Service that all routes may refer to.
    const slip = text.replace('name: backend-001, port', `name: backend-${i}x, port`);
    const moved = slip.replace('[{port: 8080}]', `[{port: 8080}, {port: ${9_000 + i}}]`);
    faults.push(timed(() => parseConfig(moved, cache)));
  }
  const base = { baseline: median(whole), baselineName: 'parseConfig of the whole text, no cache' };
  return [
    row('edit one of 1,000 routes: problems of the whole text, median', median(edits), base),
    row('edit one of 1,000 routes: 95th percentile', quantile(edits, 0.95), base),
    row('edit a Service of 1,000 routes and break one reference, median', median(faults), base),
  ];
}

function row(
  name: string,
  measured: number,
  base: { readonly baseline: number; readonly baselineName: string },
): BenchRow {
  const ratio = measured / base.baseline;
  return { name, measured, unit: 'ms', ...base, ratio, bar: '< 100 ms', samples: EDITS };
}

function timed(work: () => unknown): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}
