import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { micros } from '../core/ports/clock.ts';
import { DEFAULT_TWIN_OPTIONS } from '../simulator/twin/twin-options.ts';
import { TwinWorld } from '../simulator/twin/twin-world.ts';
import { sampleConfigText } from './sample-config.ts';
import type { BenchRow } from './statistics.ts';

const ROUTES = 950; // with the Services and the Gateway: 1,000 resources
/** Of about 0.8 kB. */
const CHANGED_ROUTE = 17;
const MINUTE_US = 60_000_000;
/** Measured of a large fleet; a small one runs longer, or hardly anything would be measured. */
const MINUTES_LARGE = 4;
const MINUTES_SMALL = 20;
const NODES_LARGE = 10_000;
const BYTES_PER_MB = 1_000_000;

interface Measured {
  readonly minutes: number;
  readonly wallMs: number;
  readonly rssMb: number;
  /** Of objects that are in use. */
  readonly liveMb: number;
}

/**
 * Virtual over wall time with the fixed workload: 1,000 resources, heartbeat 10 s, traffic step 1 s,
 * 20 request shapes, and a publish a minute of one resource of about 0.8 kB. The nodes share the
 * decoding, hashing and compiling of equal bytes: an optimisation of simulation. Each size runs in a
 * process of its own, so that its memory is its own.
 */
export function benchTwin(nodes: number): BenchRow[] {
  const { minutes, wallMs, rssMb, liveMb } = measureApart(nodes);
  const name = nodes.toLocaleString('en');
  const none = { baseline: null, baselineName: '', ratio: null } as const;
  const isLarge = nodes >= NODES_LARGE;
  return [
    {
      name: `twin, virtual over wall time, ${name} nodes`,
      measured: (minutes * MINUTE_US) / 1_000 / wallMs,
      unit: '× real time',
      ...none,
      bar: isLarge ? '≥ 100 ×' : '≥ 1,000 × (at 1,000)',
      samples: minutes,
    },
    {
      name: `twin, memory of the process, ${name} nodes`,
      measured: rssMb,
      unit: 'MB',
      ...none,
      bar: isLarge ? 'a few hundred' : '',
      samples: 1,
    },
    {
      name: `twin, live objects, ${name} nodes`,
      measured: liveMb,
      unit: 'MB',
      ...none,
      bar: isLarge ? 'a few hundred' : '',
      samples: 1,
    },
  ];
}

function measureApart(nodes: number): Measured {
  const script = `import(${JSON.stringify(join(import.meta.dirname, 'twin.ts'))})
    .then(({ measureTwin }) => process.stdout.write(JSON.stringify(measureTwin(${nodes}))))`;
  const output = execFileSync(process.execPath, ['--expose-gc', '-e', script], {
    encoding: 'utf8',
  });
  return JSON.parse(output) as Measured;
}

/** What the measured minutes cost in this process. */
export function measureTwin(nodes: number): Measured {
  const minutes = nodes >= NODES_LARGE ? MINUTES_LARGE : MINUTES_SMALL;
  // An operator writes the texts, not the twin.
  const texts = Array.from({ length: 2 * minutes + 2 }, (_, step) =>
    sampleConfigText(ROUTES, CHANGED_ROUTE, step),
  );
  const world = new TwinWorld({
    ...DEFAULT_TWIN_OPTIONS,
    nodes,
    cells: 4,
    seed: 1,
    durationUs: (2 * minutes + 1) * MINUTE_US,
    configText: sampleConfigText(ROUTES),
    publishes: {
      everyUs: MINUTE_US,
      textOf: (step) => texts[step] ?? '',
    },
  });
  // As long again is left out first: the fleet comes up, and the runtime compiles what is hot. Half a
  // minute past the publish, so that each measured minute holds one whole.
  const from = minutes * MINUTE_US + MINUTE_US / 2;
  world.runUntil(micros(from));
  const startedMs = performance.now();
  world.runUntil(micros(from + minutes * MINUTE_US));
  const wallMs = performance.now() - startedMs;
  const rssMb = process.memoryUsage.rss() / BYTES_PER_MB;
  const collect: unknown = Reflect.get(globalThis, 'gc');
  if (typeof collect === 'function') collect();
  const liveMb = process.memoryUsage().heapUsed / BYTES_PER_MB;
  const acknowledged = world.controlPlane.belief()?.counts.acknowledged;
  if (acknowledged !== nodes) throw new Error(`${acknowledged} of ${nodes} nodes are on target`);
  return { minutes, wallMs, rssMb, liveMb };
}
