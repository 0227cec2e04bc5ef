import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LatestRunner } from '../../../renderer/workers/latest-runner.ts';

function harness() {
  const started: { id: number; input: string }[] = [];
  const delivered: string[] = [];
  const runner = new LatestRunner<string, string>(
    (id, input) => started.push({ id, input }),
    (output) => delivered.push(output),
  );
  return { started, delivered, runner };
}

test('[UIRUN1] one job runs at a time, and of those asked for meanwhile only the newest follows', () => {
  const { started, runner } = harness();
  runner.submit('a');
  runner.submit('b');
  runner.submit('c');
  assert.deepEqual(
    started.map((job) => job.input),
    ['a'],
  );
  runner.finished(started[0]?.id ?? -1, 'A');
  assert.deepEqual(
    started.map((job) => job.input),
    ['a', 'c'],
  );
});

test('[UIRUN2] a result that something newer waits behind is dropped', () => {
  const { started, delivered, runner } = harness();
  runner.submit('a');
  runner.submit('b');
  runner.finished(started[0]?.id ?? -1, 'A');
  assert.deepEqual(delivered, []);
  runner.finished(started[1]?.id ?? -1, 'B');
  assert.deepEqual(delivered, ['B']);
  assert.equal(runner.busy, false);
});

test('[UIRUN3] an answer from before a reset is ignored', () => {
  const { started, delivered, runner } = harness();
  runner.submit('a');
  runner.reset();
  runner.submit('b');
  runner.finished(started[0]?.id ?? -1, 'A');
  assert.deepEqual(delivered, []);
  runner.finished(started[1]?.id ?? -1, 'B');
  assert.deepEqual(delivered, ['B']);
});

test('[UIRUN4] whatever the order of keystrokes and answers, the last text is what is delivered last', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (steps) => {
      const { started, delivered, runner } = harness();
      let typed = 0;
      let answered = 0;
      const answerOne = () => {
        const job = started[answered];
        if (job === undefined) return false;
        answered += 1;
        runner.finished(job.id, job.input);
        return true;
      };
      for (const isKey of [...steps, true]) {
        if (isKey) {
          typed += 1;
          runner.submit(`${typed}`);
        } else answerOne();
        assert.ok(started.length - answered <= 1);
      }
      while (answerOne());
      assert.equal(delivered.at(-1), `${typed}`);
    }),
  );
});
