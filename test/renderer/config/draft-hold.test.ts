import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsoleClient } from '../../../client/console-client.ts';
import { err, ok } from '../../../core/lib/result.ts';
import type { ConsoleParams } from '../../../core/protocol/console-api.ts';
import type { Draft } from '../../../core/protocol/console-model.ts';
import { DraftHold } from '../../../renderer/config/draft-hold.ts';

/** A host that keeps one draft, and loses the answers it is told to lose. */
function harness() {
  let held: Draft | null = null;
  let savedAtMs = 100;
  let isMute = false;
  const keep = (text: string): Draft => {
    savedAtMs += 1;
    held = { base: null, text, savedAtMs };
    return held;
  };
  const answer = (method: string, params: ConsoleParams<'save-draft'>) => {
    if (method === 'get-draft') return ok(held);
    const { text, expected } = params;
    if (expected !== undefined && expected !== (held?.savedAtMs ?? null)) {
      return err({ reason: 'draft-changed', detail: 'It was saved from elsewhere.' });
    }
    const saved = keep(text);
    return isMute ? err({ reason: 'timeout', detail: 'No answer came.' }) : ok(saved);
  };
  const client = {
    request: async (method: string, params: unknown) =>
      answer(method, params as ConsoleParams<'save-draft'>),
  } as Pick<ConsoleClient, 'request'>;
  return {
    hold: new DraftHold(client),
    keep,
    text: () => held?.text ?? null,
    lose() {
      held = null;
    },
    mute(value: boolean) {
      isMute = value;
    },
  };
}

test('[UIDRAFT8] a draft that was saved elsewhere is not replaced until a person has chosen', async () => {
  const { hold, keep, text } = harness();
  assert.ok((await hold.save('mine', null)).ok);
  keep('theirs');
  const refused = await hold.save('mine again', null);
  assert.equal(!refused.ok && refused.error.final, true);
  assert.equal(text(), 'theirs');
  assert.equal(hold.theirs?.text, 'theirs');
  assert.equal((await hold.save('mine still', null)).ok, false);
  hold.goOnFrom(hold.theirs);
  assert.equal(hold.theirs, null);
  assert.ok((await hold.save('mine still', null)).ok);
  assert.equal(text(), 'mine still');
});

test('[UIDRAFT8] a draft that begins where there is one already is not it either', async () => {
  const { hold, keep, text } = harness();
  keep('theirs');
  assert.equal((await hold.save('mine', null)).ok, false);
  assert.equal(text(), 'theirs');
});

test('[UIDRAFT9] a save whose answer was lost, and a draft that is gone, stop nobody', async () => {
  const { hold, text, lose, mute } = harness();
  mute(true);
  const unheard = await hold.save('one', null);
  assert.equal(!unheard.ok && unheard.error.final, false);
  mute(false);
  assert.ok((await hold.save('two', null)).ok, 'what is there is this page’s own');
  lose();
  assert.ok((await hold.save('three', null)).ok, 'nothing of anybody’s is there');
  assert.equal(text(), 'three');
  assert.equal(hold.theirs, null);
});
