import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ConsoleClient } from '../../../client/console-client.ts';
import { NEVER_MS } from '../../../core/fleet/frame.ts';
import type { ConsoleEvent } from '../../../core/protocol/console-model.ts';
import { filterEvents } from '../../../renderer/events/filter-events.ts';
import { connectStore, SILENCE_MS } from '../../../renderer/state/connect-store.ts';
import { useConsole } from '../../../renderer/state/console-store.ts';
import { EVENTS_KEPT_MAX, mergeEvents } from '../../../renderer/state/merge-streams.ts';
import {
  countStaleness,
  STALENESS_ROW_BOUNDS_MS,
  STALENESS_ROWS,
  stalenessPosition,
  stalenessRowOf,
  worseOf,
} from '../../../renderer/state/staleness-histogram.ts';
import { frameOf } from '../fleet/fleet-support.ts';

const event = (id: number, severity: ConsoleEvent['severity'] = 'info'): ConsoleEvent => ({
  id,
  atMs: id * 10,
  kind: 'note',
  severity,
  title: `event ${id}`,
  detail: '',
  subject: null,
});

test('[UISTATE1] events arrive once each, in order, however they are delivered', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 20 }), { maxLength: 8 }),
      (batches) => {
        let held: readonly ConsoleEvent[] = [];
        for (const batch of batches)
          held = mergeEvents(
            held,
            batch.map((id) => event(id)),
          );
        const expected = [...new Set(batches.flat())].sort((a, b) => a - b);
        assert.deepEqual(
          held.map((each) => each.id),
          expected,
        );
      },
    ),
  );
});

test('[UISTATE2] what is kept has a bound, and the newest are kept', () => {
  const many = Array.from({ length: EVENTS_KEPT_MAX + 50 }, (_, i) => event(i + 1));
  const held = mergeEvents(mergeEvents([], many), [event(EVENTS_KEPT_MAX + 51)]);
  assert.equal(held.length, EVENTS_KEPT_MAX);
  assert.equal(held.at(-1)?.id, EVENTS_KEPT_MAX + 51);
});

test('[UIEVT1] the severity filter keeps this and worse, newest first', () => {
  const events = [event(1), event(2, 'critical'), event(3, 'warning')];
  const ids = (filter: Parameters<typeof filterEvents>[1]) =>
    filterEvents(events, filter).map((e) => e.id);
  assert.deepEqual(ids('all'), [3, 2, 1]);
  assert.deepEqual(ids('warning'), [3, 2]);
  assert.deepEqual(ids('critical'), [2]);
});

test('[UISTATE3] a host that says nothing is lost: no clock runs on over old figures', (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1_000_000 });
  const { client, say, open } = silentClient();
  connectStore(client);
  open();
  const at = () => [useConsole.getState().connection, useConsole.getState().connectionSinceMs];
  t.mock.timers.tick(2_500);
  say();
  assert.deepEqual(at(), ['open', 1_000_000]);
  t.mock.timers.tick(SILENCE_MS - 500);
  assert.equal(at()[0], 'open');
  t.mock.timers.tick(1_000);
  assert.deepEqual(at(), ['silent', 1_002_500]);
  say();
  assert.equal(at()[0], 'open');
});

/** A client whose host can be made to speak. */
function silentClient() {
  const events: ((items: readonly ConsoleEvent[]) => void)[] = [];
  const states: ((state: 'open', detail: string) => void)[] = [];
  const nothing = { [Symbol.dispose]: () => undefined, dispose: () => undefined };
  const refused = { ok: false, error: { reason: 'disconnected', detail: '' } };
  const client = {
    request: async () => refused,
    subscribe: () => undefined,
    onItem: (stream: string, listener: (items: readonly ConsoleEvent[]) => void) => {
      if (stream === 'events') events.push(listener);
      return nothing;
    },
    onFleetFrame: () => nothing,
    onConnection: (listener: (state: 'open', detail: string) => void) => {
      states.push(listener);
      return nothing;
    },
    close: () => undefined,
  } as unknown as ConsoleClient;
  return {
    client,
    say: () => {
      for (const listener of events) listener([]);
    },
    open: () => {
      for (const listener of states) listener('open', '');
    },
  };
}

test('[UISTALE1] every node is in exactly one row of each clock', () => {
  const frame = frameOf(5, 1_000, { 0: { unverifiedMs: NEVER_MS }, 1: { unverifiedMs: 0 } });
  const column = countStaleness(frame);
  assert.equal(
    column.byLag.reduce((a, b) => a + b),
    5,
  );
  assert.equal(
    column.byUnverified.reduce((a, b) => a + b),
    5,
  );
  assert.equal(column.byUnverified[STALENESS_ROWS - 1], 1);
  assert.equal(column.byUnverified[0], 1);
});

test('[UISTALE2] a value lies in the row that its position is drawn in', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000 }), (ms) => {
      const position = stalenessPosition(ms);
      const row = stalenessRowOf(ms);
      assert.ok(position >= row && position <= row + 1);
    }),
  );
  STALENESS_ROW_BOUNDS_MS.forEach((bound, row) => {
    assert.equal(stalenessRowOf(bound), row);
  });
});

test('[UISTALE3] a short spike stays in its column', () => {
  const calm = countStaleness(frameOf(3, 0));
  const spike = countStaleness(frameOf(3, 0, { 0: { unverifiedMs: 100_000 } }));
  const both = worseOf(worseOf(calm, spike), calm);
  assert.equal(both.byUnverified[stalenessRowOf(100_000)], 1);
});
