import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chosenSettingsSchema,
  settingsConflict,
  TWIN_SETTING_KEYS,
  TWIN_SETTINGS,
  twinSettingsSchema,
} from '../../../core/protocol/twin-settings.ts';
import { settingsOf, withSettings } from '../../../simulator/twin/apply-settings.ts';
import { twinOptions } from '../../simulator/twin/twin-fixture.ts';

test('[PAIR5] every setting has a name, a range and a meaning of its own, and nothing else is one', () => {
  assert.deepEqual([...TWIN_SETTING_KEYS].sort(), Object.keys(TWIN_SETTINGS).sort());
  const named = TWIN_SETTING_KEYS.map((key) => TWIN_SETTINGS[key]);
  assert.equal(new Set(named.map(({ name }) => name)).size, named.length);
  assert.equal(new Set(named.map(({ meaning }) => meaning)).size, named.length);
  assert.equal(chosenSettingsSchema.safeParse({ heartbeat: 5_000 }).success, false);
  for (const key of TWIN_SETTING_KEYS) {
    const { min, max } = TWIN_SETTINGS[key];
    const takes = (value: unknown) => chosenSettingsSchema.safeParse({ [key]: value }).success;
    assert.deepEqual(
      [min, max, min - 1, max + 1, min + 0.5, String(min), null].map(takes),
      [true, true, false, false, false, false, false],
      key,
    );
  }
});

test('[PAIR5] what is set is what a run has, and everything else stays as it was', () => {
  const options = twinOptions();
  const before = settingsOf(options);
  assert.ok(twinSettingsSchema.safeParse(before).success);
  for (const key of TWIN_SETTING_KEYS) {
    const value = before[key] + 1;
    const set = withSettings(options, { [key]: value });
    assert.ok(set.ok, key);
    assert.deepEqual(settingsOf(set.value), { ...before, [key]: value });
  }
});

test('[PAIR5] a least that is more than its most is told, whichever of the two was set', () => {
  const settings = settingsOf(twinOptions());
  assert.equal(settingsConflict(settings), null);
  assert.match(
    settingsConflict({ ...settings, retryAfterMsMin: 9_000 }) ?? '',
    /retry-after-min of 9000 ms is more than a retry-after-max of 3000 ms/,
  );
  assert.match(settingsConflict({ ...settings, debounceMaxMs: 10 }) ?? '', /debounce-quiet of 100/);
});
