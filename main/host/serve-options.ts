import { parseArgs } from 'node:util';
import { repeatedOption, unreadOptions } from '../../core/lib/option-problems.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { FLEET_DEFAULTS } from '../../core/protocol/console-api.ts';
import { INVENTORY_NODES_MAX } from '../../core/protocol/limits.ts';
import { defaultDataDirectory } from './console-address.ts';

export const SERVE_USAGE =
  'holdfast serve [--port P] [--data DIR] [--nodes N] [--cells C] [--seed S] [--config FILE] [--no-open]';

/** An empty name would mean the current directory, where nobody looks for it. */
export const EMPTY_DATA_DETAIL = '--data names no directory';

/** The arguments of `holdfast serve`, which the desktop app takes too. */
export interface ServeOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly nodes: number;
  readonly cells: number;
  readonly seed: number;
  readonly configPath: string | null;
  readonly open: boolean;
  /** Options given that count at the first run of a data directory only. */
  readonly firstRunOnly: readonly string[];
}

/** Refused with one sentence. */
export function parseServeOptions(args: readonly string[]): Result<ServeOptions, string> {
  let values: ReturnType<typeof parse>['values'];
  try {
    const parsed = parse(args);
    const repeated = repeatedOption(parsed.tokens, {});
    if (repeated !== null) return err(repeated);
    values = parsed.values;
  } catch (error) {
    return err(unreadOptions(error));
  }
  if (values.data === '') return err(EMPTY_DATA_DETAIL);
  const port = readNumber('--port', values.port, 0, { min: 0, max: 65_535 });
  const nodes = readNumber('--nodes', values.nodes, FLEET_DEFAULTS.nodes, {
    min: 0,
    max: INVENTORY_NODES_MAX,
  });
  const cells = readNumber('--cells', values.cells, FLEET_DEFAULTS.cells, {
    min: 1,
    max: FLEET_DEFAULTS.cellsMax,
  });
  const seed = readNumber('--seed', values.seed, FLEET_DEFAULTS.seed, {
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  });
  if (!port.ok) return port;
  if (!nodes.ok) return nodes;
  if (!cells.ok) return cells;
  if (!seed.ok) return seed;
  const firstRunOnly = (['nodes', 'cells', 'seed', 'config'] as const).filter(
    (name) => values[name] !== undefined,
  );
  return ok({
    dataDir: values.data ?? defaultDataDirectory(process.platform, process.env),
    port: port.value,
    nodes: nodes.value,
    cells: cells.value,
    seed: seed.value,
    configPath: values.config ?? null,
    open: values['no-open'] !== true,
    firstRunOnly: firstRunOnly.map((name) => `--${name}`),
  });
}

/** What to tell a person whose options came too late; null when all of them count. */
export function lateOptionsNotice(options: ServeOptions): string | null {
  const { firstRunOnly } = options;
  if (firstRunOnly.length === 0) return null;
  const resize = firstRunOnly.includes('--nodes')
    ? ' To change its size: holdfast fleet resize N.'
    : '';
  return `This data directory has a fleet already: ${firstRunOnly.join(', ')} only count at the first run.${resize}`;
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      data: { type: 'string' },
      nodes: { type: 'string' },
      cells: { type: 'string' },
      seed: { type: 'string' },
      config: { type: 'string' },
      'no-open': { type: 'boolean' },
    },
    allowPositionals: false,
    strict: true,
    tokens: true,
  });
}

/** A whole number within bounds. */
export function readNumber(
  name: string,
  text: string | undefined,
  otherwise: number,
  bounds: { readonly min: number; readonly max: number },
): Result<number, string> {
  if (text === undefined) return ok(otherwise);
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.min && value <= bounds.max) return ok(value);
  return err(`${name} must be a whole number from ${bounds.min} to ${bounds.max}, not ${text}`);
}
