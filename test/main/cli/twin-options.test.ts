import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../../../main/cli/run-command.ts';
import { twin } from '../../../main/cli/twin-command.ts';

/** What no option of the command takes. */
const RUBBISH = [
  '',
  ' ',
  '-1',
  '+1',
  '0x10',
  '1e3',
  '1.5',
  'NaN',
  'Infinity',
  'null',
  '٣',
  '9'.repeat(400),
  '1m 30s',
  'm',
  '10parsecs',
  '\u0000',
  '\n',
  '$(reboot)',
  '__proto__',
  'no/such/file',
];

/** How a command line is refused; fails when it is not. */
async function refusalOf(args: readonly string[]): Promise<string> {
  const result = await runCommand(twin, args);
  assert.ok(!result.ok, args.join(' '));
  assert.equal(result.error.exit, 2, args.join(' '));
  return result.error.detail;
}

for (const option of Object.keys(twin.options)) {
  test(`[TWIN22] rubbish for --${option} is one sentence that names it, and exit 2`, async () => {
    for (const rubbish of RUBBISH) {
      const args = option === 'at' ? ['--why=eu-west/edge-0001'] : [];
      const detail = await refusalOf([...args, `--${option}=${rubbish}`]);
      assert.ok(detail.startsWith(`--${option}`), detail);
      // What was given is quoted as it was, a line feed too.
      assert.doesNotMatch(detail.replace(rubbish, ''), /\n|[.] [A-Z]|undefined/);
    }
  });

  test(`[TWIN22] --${option} without a value, or given twice, is one sentence that names it`, async () => {
    for (const args of [
      [`--${option}`],
      [`--${option}`, '-x'],
      [`--${option}=1`, `--${option}=1`],
    ]) {
      const detail = await refusalOf(args);
      assert.match(detail, new RegExp(`--${option}\\b`));
      assert.doesNotMatch(detail, /\n|[.] [A-Z]/);
    }
  });
}

test('[TWIN22] what is no option, or stands alone, is refused in one sentence that quotes it', async () => {
  for (const [args, why] of [
    [['--bogus'], "Unknown option '--bogus'"],
    [['--seeds', '3'], "Unknown option '--seeds'"],
    [['10m'], 'expected 0 arguments, got 1'],
    [['--json=yes'], "Option '--json' does not take an argument"],
    [['--data='], '--data names no directory'],
    [
      ['--why', 'eu-west/edge-0001', '--against', 'heartbeat=5s'],
      '--why is for one run; leave out --against, or --why',
    ],
  ] as const) {
    assert.equal(await refusalOf(args), why);
  }
});
