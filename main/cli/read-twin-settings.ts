import { err, ok, type Result } from '../../core/lib/result.ts';
import {
  type ChosenSettings,
  TWIN_SETTING_KEYS,
  TWIN_SETTINGS,
  type TwinSetting,
  type TwinSettingKey,
} from '../../core/protocol/twin-settings.ts';
import { readDuration } from './read-duration.ts';
import { count } from './text.ts';

const MICROS_PER_MS = 1_000;
const LENGTHS_US: readonly (readonly [string, number])[] = [
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['ms', MICROS_PER_MS],
];

/** Reads `heartbeat=5s,handshakes=512`; the error is one sentence. */
export function readTwinSettings(option: string, text: string): Result<ChosenSettings, string> {
  const settings: { [K in TwinSettingKey]?: number } = {};
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    if (at < 0) {
      return err(
        `--${option} takes NAME=VALUE pairs such as heartbeat=5s,handshakes=512, not “${pair}”`,
      );
    }
    const name = pair.slice(0, at).trim();
    const key = keyOf(name);
    if (key === null) {
      const names = TWIN_SETTING_KEYS.map((known) => TWIN_SETTINGS[known].name);
      return err(`--${option} knows no “${name}”; there are ${names.join(', ')}`);
    }
    if (settings[key] !== undefined) {
      return err(`--${option} gives ${TWIN_SETTINGS[key].name} twice; once is enough`);
    }
    const given = pair.slice(at + 1).trim();
    const value = readValue(key, name, given);
    if (value === null) return err(`--${option}: ${wanted(key, name)}, not “${given}”`);
    settings[key] = value;
  }
  return ok(settings);
}

/** `heartbeat=5s` */
export function settingText(key: TwinSettingKey, value: number): string {
  return `${TWIN_SETTINGS[key].name}=${valueText(key, value)}`;
}

/** What there is, a line each, for the help. */
export function settingLines(): readonly string[] {
  return TWIN_SETTING_KEYS.map((key) => {
    const { name, min, max, meaning } = TWIN_SETTINGS[key];
    return `  ${name.padEnd(20)}${valueText(key, min)} to ${valueText(key, max)}: ${meaning}`;
  });
}

/** By its own name, or by the one that ends in the unit. */
function keyOf(name: string): TwinSettingKey | null {
  return TWIN_SETTING_KEYS.find((key) => key === name || TWIN_SETTINGS[key].name === name) ?? null;
}

function readValue(key: TwinSettingKey, name: string, text: string): number | null {
  const { unit, min, max } = TWIN_SETTINGS[key];
  // What is named with its unit is a whole number of it.
  const value = isWhole(key, name) ? readWhole(text) : readTime(unit, text);
  return value !== null && value >= min && value <= max ? value : null;
}

function isWhole(key: TwinSettingKey, name: string): boolean {
  return name === key || TWIN_SETTINGS[key].unit === 'count';
}

function readWhole(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function readTime(unit: TwinSetting['unit'], text: string): number | null {
  if (text === '0') return 0;
  const isSmall = unit === 'microseconds';
  if (isSmall && /^\d{1,9}us$/.test(text)) return Number(text.slice(0, -2));
  const ms = readDuration(text);
  return ms === null || !isSmall ? ms : ms * MICROS_PER_MS;
}

function wanted(key: TwinSettingKey, name: string): string {
  const { min, max } = TWIN_SETTINGS[key];
  if (isWhole(key, name)) return `${name} is a whole number from ${count(min)} to ${count(max)}`;
  const range = `from ${valueText(key, min)} to ${valueText(key, max)}`;
  return `${name} is a length of time ${range}, such as 200ms or 90s`;
}

/** In the largest unit that it is a whole number of. */
function valueText(key: TwinSettingKey, value: number): string {
  const { unit } = TWIN_SETTINGS[key];
  if (unit === 'count') return count(value);
  const us = unit === 'microseconds' ? value : value * MICROS_PER_MS;
  if (us === 0) return '0';
  const [name, length] = LENGTHS_US.find(([, length]) => us % length === 0) ?? ['us', 1];
  return `${us / length}${name}`;
}
