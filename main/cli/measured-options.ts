import { err, ok, type Result } from '../../core/lib/result.ts';
import { TWIN_DURATION_MS_MAX } from '../../core/protocol/twin-control.ts';
import { type Options, textOption } from './command.ts';
import { readDuration } from './read-duration.ts';
import { count } from './text.ts';

/** A whole number within bounds; the error is one sentence. */
export function wholeOption(
  options: Options,
  name: string,
  byDefault: number,
  min: number,
  max: number,
): Result<number, string> {
  const text = textOption(options, name);
  if (text === undefined) return ok(byDefault);
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return ok(value);
  return err(`--${name} takes a whole number from ${count(min)} to ${count(max)}, not “${text}”`);
}

/** Milliseconds; null when the option is not given. */
export function timeOption(
  options: Options,
  name: string,
  minMs: number,
): Result<number | null, string> {
  const text = textOption(options, name);
  if (text === undefined) return ok(null);
  const ms = readDuration(text);
  if (ms === null)
    return err(`--${name} takes a length of time such as 90s, 10m or 1h30m, not “${text}”`);
  if (ms < minMs) return err(`--${name} ${text} is too short; at least ${minMs} ms`);
  return ms <= TWIN_DURATION_MS_MAX ? ok(ms) : err(`--${name} ${text} is too long; at most 365d`);
}
