import type { CalibratedFleet, Calibration } from '../../simulator/twin/service-times.ts';

/** Of the two files that hold what was fitted, as source text. */
export function calibrationSource(calibration: Calibration): string {
  return [
    "import type { Calibration } from './service-times.ts';",
    '',
    '/** Written by `npm run calibrate -- --write`; not to be changed by hand. */',
    `export const CALIBRATION: Calibration = ${literal(calibration, '')};`,
    '',
  ].join('\n');
}

export function liveLinkSource(link: {
  readonly latencyUs: number;
  readonly jitterUs: number;
}): string {
  return [
    '/**',
    ' * A link of the live world without faults, on loopback, each way: microseconds. Used for rehearsals',
    " * of a console's own fleet. Written by `npm run calibrate -- --write`; not to be changed by hand.",
    ' */',
    `export const LIVE_LINK_NATURE = { latencyUs: ${literal(link.latencyUs, '')}, jitterUs: ${literal(link.jitterUs, '')} } as const;`,
    '',
  ].join('\n');
}

const TABLE_BEGINS = '<!-- kept figures: written by `npm run calibrate -- --write` -->\n';
const TABLE_ENDS = '<!-- end of the kept figures -->\n';

/** The page with the kept figures in the place that it has for them. */
export function withCalibrationTable(page: string, calibration: Calibration): string {
  const begin = page.indexOf(TABLE_BEGINS);
  const end = page.indexOf(TABLE_ENDS);
  if (begin < 0 || end < begin) throw new Error('the page has no place for the kept figures');
  const before = page.slice(0, begin + TABLE_BEGINS.length);
  return `${before}${calibrationTable(calibration)}${page.slice(end)}`;
}

function calibrationTable(calibration: Calibration): string {
  const { date, nodeVersion, cores, wallPerCpu, wallPerCpuMore, fleets, many } = calibration;
  const changed = `${many.documents} documents, ${(many.bytes / 1_000_000).toFixed(2)} MB to each`;
  return [
    `Kept on ${date}, Node ${nodeVersion.replace('v', '')}, ${cores} cores; a microsecond of CPU took ${wallPerCpu} on the wall, for documents and bytes ${wallPerCpuMore}.`,
    '',
    '| nodes | changed | publishes | half of the nodes, live | twin | 99 %, live | twin |',
    '|---|---|---|---|---|---|---|',
    ...fleets.map((fleet) => tableRow('one document', fleet)),
    ...many.fleets.map((fleet) => tableRow(changed, fleet)),
    '',
  ].join('\n');
}

function tableRow(changed: string, { nodes, publishes, live, twin }: CalibratedFleet): string {
  const times = [live.t50Ms, twin.t50Ms, live.t99Ms, twin.t99Ms].map((ms) => `${ms} ms`);
  return `| ${[nodes.toLocaleString('en'), changed, publishes, ...times].join(' | ')} |`;
}

/** As the formatter leaves it. */
function literal(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    const isOfNumbers = value.every((item) => typeof item === 'number');
    if (isOfNumbers) return `[${value.map((item) => literal(item, inner)).join(', ')}]`;
    const items = value.map((item) => `${inner}${literal(item, inner)},`);
    return `[\n${items.join('\n')}\n${indent}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => {
      return `${inner}${name}: ${literal(field, inner)},`;
    });
    return `{\n${fields.join('\n')}\n${indent}}`;
  }
  if (typeof value === 'string') return `'${value.replaceAll(/['\\]/g, '\\$&')}'`;
  return String(value).replaceAll(/\B(?=(?:\d{3})+(?!\d))(?<!\.\d*)/g, '_');
}
