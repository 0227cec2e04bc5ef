import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok, type Result } from '../../../core/lib/result.ts';
import {
  DraftSaver,
  SAVE_DELAY_MS,
  SAVE_DELAY_MS_MAX,
  SAVE_RETRY_MS,
  type SaveFailure,
  type SaveState,
} from '../../../renderer/config/draft-saver.ts';

type Answer = Result<{ readonly savedAtMs: number }, SaveFailure>;

/** A clock, one timer and a host that answers when told to. */
function harness() {
  let nowMs = 0;
  let timer: { run: () => void; atMs: number } | null = null;
  const saves: { text: string; answer: (answer: Answer) => void }[] = [];
  const states: SaveState['kind'][] = [];
  const saver = new DraftSaver({
    save: (text) => new Promise((resolve) => saves.push({ text, answer: resolve })),
    setTimer(run, delayMs) {
      const set = { run, atMs: nowMs + delayMs };
      timer = set;
      return () => {
        if (timer === set) timer = null;
      };
    },
    nowMs: () => nowMs,
    onState: (state) => states.push(state.kind),
  });
  function advance(ms: number): void {
    nowMs += ms;
    const due = timer;
    if (due === null || due.atMs > nowMs) return;
    timer = null;
    due.run();
  }
  async function answer(index: number, given: Answer): Promise<void> {
    saves[index]?.answer(given);
    // The saver's own continuation runs after the promise's.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { saver, saves, states, advance, answer };
}

test('[UIDRAFT1] the draft is saved once, a quiet moment after the last keystroke', async () => {
  const { saver, saves, states, advance, answer } = harness();
  saver.edited(() => 'a');
  advance(SAVE_DELAY_MS - 1);
  saver.edited(() => 'ab');
  advance(SAVE_DELAY_MS - 1);
  assert.equal(saves.length, 0);
  advance(1);
  assert.deepEqual(
    saves.map((save) => save.text),
    ['ab'],
  );
  await answer(0, ok({ savedAtMs: 5 }));
  assert.equal(states.at(-1), 'saved');
  assert.equal(saver.dirty, false);
});

test('[UIDRAFT2] typing without a pause does not put saving off for ever', () => {
  const { saver, saves, advance } = harness();
  for (let ms = 0; ms <= SAVE_DELAY_MS_MAX; ms += 100) {
    saver.edited(() => `${ms}`);
    advance(100);
  }
  assert.equal(saves.length, 1);
});

test('[UIDRAFT3] one save at a time; what was typed meanwhile is saved after it', async () => {
  const { saver, saves, advance, answer } = harness();
  saver.edited(() => 'a');
  advance(SAVE_DELAY_MS);
  saver.edited(() => 'ab');
  advance(SAVE_DELAY_MS);
  assert.equal(saves.length, 1);
  await answer(0, ok({ savedAtMs: 1 }));
  advance(SAVE_DELAY_MS);
  assert.equal(saves[1]?.text, 'ab');
});

test('[UIDRAFT4] a failed save says so, keeps the text and tries again', async () => {
  const { saver, saves, states, advance, answer } = harness();
  saver.edited(() => 'a');
  advance(SAVE_DELAY_MS);
  await answer(0, err({ detail: 'the disk is full', final: false }));
  assert.equal(states.at(-1), 'failed');
  assert.equal(saver.dirty, true);
  advance(SAVE_RETRY_MS);
  assert.equal(saves[1]?.text, 'a');
});

test('[UIDRAFT5] a text that can never be saved is not sent again until it changes', async () => {
  const { saver, saves, advance, answer } = harness();
  saver.edited(() => 'too large');
  advance(SAVE_DELAY_MS);
  await answer(0, err({ detail: 'over the cap', final: true }));
  advance(SAVE_RETRY_MS * 10);
  assert.equal(saves.length, 1);
  saver.edited(() => 'smaller');
  advance(SAVE_DELAY_MS);
  assert.equal(saves[1]?.text, 'smaller');
});

test('[UIDRAFT6] after a discard, the answer to an earlier save changes nothing', async () => {
  const { saver, saves, states, advance, answer } = harness();
  saver.edited(() => 'a');
  advance(SAVE_DELAY_MS);
  saver.forget({ kind: 'none' });
  await answer(0, ok({ savedAtMs: 1 }));
  assert.equal(states.at(-1), 'none');
  advance(SAVE_RETRY_MS);
  assert.equal(saves.length, 1);
});

test('[UIDRAFT7] a flush saves at once and ends when it is saved', async () => {
  const { saver, saves, answer } = harness();
  saver.edited(() => 'a');
  const flushed = saver.flush();
  await answer(0, ok({ savedAtMs: 1 }));
  await flushed;
  assert.equal(saves.length, 1);
  assert.equal(saver.dirty, false);
});
