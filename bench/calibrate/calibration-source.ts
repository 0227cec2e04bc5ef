import type { Calibration } from '../../simulator/twin/service-times.ts';

/** The two files that hold what was fitted, as source text. */
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

/** As the formatter leaves it. */
function literal(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
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
