import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TWIN_SETTING_KEYS, TWIN_SETTINGS } from '../../../core/protocol/twin-settings.ts';
import { readTwinSettings, settingText } from '../../../main/cli/read-twin-settings.ts';

test('[PAIR5] settings are read by name, times with a unit or as whole numbers of the unit in the name', () => {
  const read = readTwinSettings(
    'set',
    'heartbeat=5s, debounce-quiet=0,link-latency=2ms,link-jitter=250us,handshakes=8,answerTimeoutMs=900',
  );
  assert.ok(read.ok);
  assert.deepEqual(read.value, {
    heartbeatMs: 5_000,
    debounceQuietMs: 0,
    linkLatencyUs: 2_000,
    linkJitterUs: 250,
    handshakesMax: 8,
    answerTimeoutMs: 900,
  });
});

test('[PAIR5] what is printed of a setting is read as the same again', () => {
  for (const key of TWIN_SETTING_KEYS) {
    const { min, max } = TWIN_SETTINGS[key];
    for (const value of [min, max, min + 1, max - 1, Math.floor(max / 7)]) {
      // Whole numbers are printed with separators, which nobody types.
      const read = readTwinSettings('set', settingText(key, value).replaceAll(',', ''));
      assert.deepEqual(read, { ok: true, value: { [key]: value } });
    }
  }
});

test('[PAIR5] anything else is one sentence that names the option and what there is', () => {
  const names = TWIN_SETTING_KEYS.map((key) => TWIN_SETTINGS[key].name).join(', ');
  for (const [text, why] of [
    ['', '--set takes NAME=VALUE pairs such as heartbeat=5s,handshakes=512, not “”'],
    [',', '--set takes NAME=VALUE pairs such as heartbeat=5s,handshakes=512, not “”'],
    [
      'heartbeat',
      '--set takes NAME=VALUE pairs such as heartbeat=5s,handshakes=512, not “heartbeat”',
    ],
    ['=5s', `--set knows no “”; there are ${names}`],
    ['constructor=1', `--set knows no “constructor”; there are ${names}`],
    ['heartbeat=5s,heartbeatMs=4000', '--set gives heartbeat twice; once is enough'],
    [
      'heartbeat=5',
      '--set: heartbeat is a length of time from 100ms to 10m, such as 200ms or 90s, not “5”',
    ],
    [
      'heartbeat=99ms',
      '--set: heartbeat is a length of time from 100ms to 10m, such as 200ms or 90s, not “99ms”',
    ],
    [
      'heartbeat=5s=6s',
      '--set: heartbeat is a length of time from 100ms to 10m, such as 200ms or 90s, not “5s=6s”',
    ],
    ['heartbeatMs=5s', '--set: heartbeatMs is a whole number from 100 to 600,000, not “5s”'],
    ['handshakes=-1', '--set: handshakes is a whole number from 1 to 100,000, not “-1”'],
    ['handshakes=1e3', '--set: handshakes is a whole number from 1 to 100,000, not “1e3”'],
    [
      'link-jitter=2.5ms',
      '--set: link-jitter is a length of time from 0 to 1m, such as 200ms or 90s, not “2.5ms”',
    ],
  ] as const) {
    assert.deepEqual(readTwinSettings('set', text), { ok: false, error: why }, text);
  }
});
