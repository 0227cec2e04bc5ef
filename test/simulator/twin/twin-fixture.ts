import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { micros } from '../../../core/ports/clock.ts';
import type { NodeTarget } from '../../../core/protocol/primitives.ts';
import { changeConfig } from '../../../simulator/twin/change-config.ts';
import type { ScheduledFault, TwinFault } from '../../../simulator/twin/twin-fault.ts';
import { DEFAULT_TWIN_OPTIONS, type TwinOptions } from '../../../simulator/twin/twin-options.ts';
import { reportOf } from '../../../simulator/twin/twin-report.ts';
import { TwinWorld } from '../../../simulator/twin/twin-world.ts';

const SHOP = readFileSync(join(import.meta.dirname, '../../../examples/shop.yaml'), 'utf8');

export const FLEET: NodeTarget = { scope: 'fleet' };

/** 20 nodes in 2 cells for five minutes, a publish a minute. */
export function twinOptions(changes: Partial<TwinOptions> = {}): TwinOptions {
  return {
    ...DEFAULT_TWIN_OPTIONS,
    nodes: 20,
    cells: 2,
    seed: 1,
    durationUs: 300_000_000,
    configText: SHOP,
    publishes: { everyUs: 60_000_000, textOf: (step) => changeConfig(SHOP, step) },
    ...changes,
  };
}

export function at(seconds: number, fault: TwinFault): ScheduledFault {
  return { atMs: seconds * 1_000, fault };
}

export function cell(name: string): NodeTarget {
  return { scope: 'cell', cell: name };
}

/** Runs a world to its end. */
export function run(changes: Partial<TwinOptions> = {}) {
  const options = twinOptions(changes);
  const world = new TwinWorld(options);
  world.runUntil(micros(options.durationUs));
  return { world, report: reportOf(world, 0) };
}
