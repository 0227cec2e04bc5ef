import { type CDPSession, chromium } from '@playwright/test';
import { chooseChromium, chromiumArgs } from '../test/browser/chromium.ts';
import { startConsole } from '../test/support/console-process.ts';
import { type BenchRow, median, quantile } from './statistics.ts';

const WARM_UP_MS = 5_000;
const MEASURE_MS = 20_000;
const UPDATES_PER_SECOND = 4;
const BARE_ROUNDS = 50;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly dur?: number;
  readonly tid: number;
  readonly pid: number;
  readonly args?: { readonly name?: string };
}

/**
 * The fleet view's main-thread work while it shows `nodes` live nodes at four updates a second, in
 * a real Chromium against the real console. The baseline is a bare redraw of as many filled hexes
 * on a canvas of the same size, in the same page.
 */
export async function benchFleetView(nodes: number): Promise<BenchRow[]> {
  const console = await startConsole({ args: ['--nodes', String(nodes), '--cells', '4'] });
  try {
    await console.until('the fleet serves', (s) => s.fleet.serving === nodes, 120_000);
    const found = await chooseChromium();
    const browser = await chromium.launch({
      executablePath: found.executablePath,
      args: chromiumArgs(),
      env: { ...process.env, ...found.env },
    });
    try {
      const page = await browser.newPage({
        viewport: { width: 1920, height: 1080 },
        locale: 'en-US',
      });
      await page.goto(`${console.url}/?token=${console.token}`);
      await page.locator('canvas').first().waitFor();
      await page.waitForTimeout(WARM_UP_MS);
      const bareMs = await page.evaluate(drawBareHexes, { nodes, rounds: BARE_ROUNDS });
      const session = await page.context().newCDPSession(page);
      await session.send('Performance.enable');
      const before = await scriptSeconds(session);
      const taskMs = await traceMainThreadTasks(session, () => page.waitForTimeout(MEASURE_MS));
      const scriptMs =
        (1_000 * ((await scriptSeconds(session)) - before)) /
        ((MEASURE_MS / 1_000) * UPDATES_PER_SECOND);
      const name = nodes.toLocaleString('en');
      const bare = {
        baseline: median(bareMs),
        baselineName: 'bare redraw of as many hexes, 32 to a path',
      };
      return [
        {
          name: `fleet view, ${name} nodes, script per update`,
          measured: scriptMs,
          unit: 'ms',
          ...bare,
          ratio: scriptMs / bare.baseline,
          bar: '',
          samples: (MEASURE_MS / 1_000) * UPDATES_PER_SECOND,
        },
        {
          name: `fleet view, ${name} nodes, main-thread task over 1 ms, p95`,
          measured: quantile(taskMs, 0.95),
          unit: 'ms',
          ...bare,
          ratio: quantile(taskMs, 0.95) / bare.baseline,
          bar: '≤ 16.7 ms (at 10,000)',
          samples: taskMs.length,
        },
      ];
    } finally {
      await browser.close();
    }
  } finally {
    await console.stop();
  }
}

async function scriptSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((metric) => metric.name === 'ScriptDuration')?.value ?? Number.NaN;
}

/** Durations in milliseconds of the renderer main thread's tasks that took longer than 1 ms. */
async function traceMainThreadTasks(
  session: CDPSession,
  during: () => Promise<void>,
): Promise<number[]> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) =>
    events.push(...(value as unknown as TraceEvent[])),
  );
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'],
    },
  });
  await during();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  const main = new Set(
    events
      .filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain')
      .map((e) => `${e.pid}:${e.tid}`),
  );
  return events
    .filter((e) => e.name === 'RunTask' && main.has(`${e.pid}:${e.tid}`))
    .map((e) => (e.dur ?? 0) / 1_000)
    .filter((ms) => ms > 1);
}

/** Runs in the page. */
function drawBareHexes({ nodes, rounds }: { nodes: number; rounds: number }): number[] {
  const page = globalThis as unknown as {
    document: {
      createElement(name: 'canvas'): {
        width: number;
        height: number;
        getContext(kind: '2d'): BareContext;
      };
    };
  };
  interface BareContext {
    beginPath(): void;
    moveTo(x: number, y: number): void;
    lineTo(x: number, y: number): void;
    closePath(): void;
    fill(): void;
    clearRect(x: number, y: number, w: number, h: number): void;
  }
  const canvas = page.document.createElement('canvas');
  canvas.width = 1_400;
  canvas.height = 900;
  const context = canvas.getContext('2d');
  const corners = [0, 1, 2, 3, 4, 5].map(
    (k) => [4 * Math.cos((k * Math.PI) / 3), 4 * Math.sin((k * Math.PI) / 3)] as const,
  );
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    context.clearRect(0, 0, 1_400, 900);
    for (let i = 0; i < nodes; i += 1) {
      // Thousands of hexes in one path cost more than the hexes: 32 to a path is cheap.
      if (i % 32 === 0) {
        if (i > 0) context.fill();
        context.beginPath();
      }
      const x = (i % 140) * 10 + 5;
      const y = Math.floor(i / 140) * 9 + 5;
      corners.forEach(([dx, dy], k) => {
        if (k === 0) context.moveTo(x + dx, y + dy);
        else context.lineTo(x + dx, y + dy);
      });
      context.closePath();
    }
    context.fill();
    times.push(performance.now() - startedAt);
  }
  return times;
}
