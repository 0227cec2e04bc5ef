import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSwarm, type SwarmOptions } from '../../../../simulator/twin/swarm/run-swarm.ts';
import { readSwarmArguments } from '../../../../simulator/twin/swarm/swarm-arguments.ts';
import { failedSeedText, swarmReportText } from '../../../../simulator/twin/swarm/swarm-text.ts';
import { MUTATIONS } from './mutations.ts';

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
  '٣',
  '9'.repeat(400),
  '\u0000',
  'none,1',
  ',',
  '1,,2',
];

test('[SWARM6] rubbish for any option is one sentence that names it', () => {
  for (const option of ['seeds', 'from', 'only']) {
    for (const rubbish of RUBBISH) {
      const read = readSwarmArguments([`--${option}=${rubbish}`]);
      assert.ok(!read.ok, `--${option}=${rubbish}`);
      assert.ok(read.error.startsWith(`--${option} `), read.error);
      assert.doesNotMatch(read.error, /\n|[.] [A-Z]/);
    }
    for (const args of [
      [`--${option}`],
      [`--${option}`, '-x'],
      [`--${option}=1`, `--${option}=1`],
    ]) {
      const read = readSwarmArguments(args);
      assert.ok(!read.ok, args.join(' '));
      assert.match(read.error, new RegExp(`--${option}\\b`));
      assert.doesNotMatch(read.error, /\n|[.] [A-Z]/);
    }
  }
});

test('[SWARM6] what is no option, or stands alone, is refused in one sentence that quotes it', () => {
  for (const [args, error] of [
    [['--bogus'], "Unknown option '--bogus'."],
    [['7'], "Unexpected argument '7'."],
    [['--json=yes'], "Option '--json' does not take an argument."],
    [['--json', '--json'], '--json is given more than once; give it once.'],
    [
      ['--from', '2147483647', '--seeds', '2'],
      'The last seed would be over 2147483647; choose a smaller --from or --seeds.',
    ],
    [
      ['--only', '3,9', '--seeds', '1', '--from', '7'],
      '--only 9 is not there: seed 7 draws 9 faults, and the first is 0.',
    ],
    [['--only', '1', '--seeds', '2'], '--only is for one seed; give --seeds 1 with it.'],
  ] as const) {
    assert.deepEqual(readSwarmArguments(args), { ok: false, error });
  }
});

test('[SWARM6] options that can be read are taken as they are', () => {
  const none = { seeds: 100, from: 1, only: null, json: false };
  assert.deepEqual(readSwarmArguments([]), { ok: true, value: none });
  const args = ['--seeds', '1', '--from', '7', '--only', '0,3,8', '--json'];
  assert.deepEqual(readSwarmArguments(args), {
    ok: true,
    value: { seeds: 1, from: 7, only: [0, 3, 8], json: true },
  });
});

test('[SWARM5] the commands that a failing seed prints run that seed again, and it fails in the same way', async () => {
  const mutation = MUTATIONS.find(({ name }) => name.startsWith('a truncated log'));
  assert.ok(mutation !== undefined);
  const { signal } = new AbortController();
  const told: string[] = [];
  const run = (options: SwarmOptions) =>
    runSwarm(options, signal, (failed) => told.push(failedSeedText(failed)), mutation.create);
  const first = await run({ seeds: 4, from: 1, only: null });
  const [failed] = first.failures;
  assert.ok(failed !== undefined);
  for (const [name, command] of [
    ['again', failed.replay],
    ['less', failed.replayMinimised],
  ] as const) {
    const printed = new RegExp(`^ +${name}: +npm run swarm -- (.*)$`, 'm').exec(told[0] ?? '');
    assert.equal(`npm run swarm -- ${printed?.[1]}`, command);
    const read = readSwarmArguments(printed?.[1]?.split(' ') ?? []);
    assert.ok(read.ok);
    const [again] = (await run(read.value)).failures;
    assert.equal(again?.seed, failed.seed);
    assert.equal(again?.phase, failed.phase);
    // With all its faults it is the same run, to the last bit.
    if (name === 'again') assert.deepEqual(again, failed);
  }
});

test('[SWARM6] what was done is told with seeds a minute', async () => {
  const { signal } = new AbortController();
  const report = await runSwarm({ seeds: 2, from: 1, only: null }, signal, () => undefined);
  const pace = { ...report, virtualMs: 7_200_000, wallMs: 1_500, seedsPerMinute: 80.4 };
  assert.equal(
    swarmReportText(pace),
    '2 of 2 seeds (1 to 2): 2 held, 0 broke safety, 0 broke liveness\n' +
      '2.0 hours of virtual time in 1.5 s, 80 seeds a minute\n',
  );
});
