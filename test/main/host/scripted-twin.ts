import type { TwinCommand } from '../../../core/protocol/twin-control.ts';
import type { SeedOutcome } from '../../../core/rehearsal/seed-outcome.ts';
import type { ScriptedChild } from './scripted-spawner.ts';

const NO_REQUESTS = {
  asked: 0,
  failed: 0,
  refused: 0,
  unrouted: 0,
  limited: 0,
  shed: 0,
  denied: 0,
};

/** All of them reached it after 40 ms and a millisecond for each seed. */
export function scriptedOutcome(seed: number, nodes: number): SeedOutcome {
  const ms = 40 + seed;
  return {
    seed,
    nodes,
    reached: nodes,
    t50Ms: ms,
    t95Ms: ms,
    t99Ms: ms,
    t100Ms: ms,
    curve: [[ms, nodes]],
    lagMsMax: ms,
    unverifiedMsMax: 10_000,
    requests: NO_REQUESTS,
    requestsBefore: NO_REQUESTS,
    nodesRejecting: 0,
    rejections: [],
    bytes: 900 * nodes,
    pushesFull: 0,
    pushesDelta: nodes,
    traceHash: '0'.repeat(16),
  };
}

/** Says what `seeds` seeds came to, and then its last word, unless it is to go on until it is told to stop. */
export function scriptedTwin(input: {
  readonly seeds: number;
  readonly isEndless?: boolean;
  /** Chosen, in words. */
  readonly faults?: readonly string[];
  readonly notes?: readonly string[];
}) {
  let done = 0;
  const end = (child: ScriptedChild, isStopped: boolean) => {
    const origin = {
      serviceTimes: 'scripted',
      faults: input.faults ?? [],
      notes: input.notes ?? [],
    };
    child.say({ type: 'rehearsed', seeds: done, isStopped, ...origin, wallMs: 12 });
    child.exit({ code: 0, signal: null, lastWords: null });
  };
  return (child: ScriptedChild, command: TwinCommand) => {
    if (command.type === 'stop') end(child, true);
    if (command.type !== 'rehearse') return;
    const { shape, firstSeed } = command.request;
    for (done = 0; done < input.seeds; done += 1) {
      const outcome = scriptedOutcome(firstSeed + done, shape.nodes.length);
      child.say({ type: 'seed-done', outcome });
    }
    if (input.isEndless !== true) end(child, false);
  };
}
