import { assert } from '../lib/assert.ts';
import { MICROS_PER_SECOND, type Micros } from '../ports/clock.ts';

const SECONDS_PER_DAY = 86_400;
const DAYS_PER_ERA = 146_097;
const DAYS_FROM_ERA_START_TO_EPOCH = 719_468;

/**
 * `2026-11-21T06:30:00Z`: an instant as Kubernetes writes it, in UTC and whole seconds, rounded
 * down. Integer arithmetic, because `core` has no `Date`. Years 1970 to 9999.
 */
export function toRfc3339(instant: Micros): string {
  const seconds = Math.floor(instant / MICROS_PER_SECOND);
  assert(seconds >= 0 && seconds <= 253_402_300_799, 'an instant is in the years 1970 to 9999');
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const rest = seconds % SECONDS_PER_DAY;
  const { year, month, day } = civilFromDays(days);
  const hours = Math.floor(rest / 3_600);
  const minutes = Math.floor((rest % 3_600) / 60);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(hours, 2)}:${pad(minutes, 2)}:${pad(rest % 60, 2)}Z`;
}

/** Gregorian date of a day counted from 1970-01-01. Years begin in March here, so leap days end them. */
function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + DAYS_FROM_ERA_START_TO_EPOCH;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
