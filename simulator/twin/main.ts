import { constants, setPriority } from 'node:os';
import process from 'node:process';
import { planInventory } from '../../core/fleet/roster.ts';
import { assert } from '../../core/lib/assert.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { MICROS_PER_MS, micros } from '../../core/ports/clock.ts';
import type { ControlPlaneRefusal } from '../../core/protocol/control-plane-control.ts';
import { decodeValue } from '../../core/protocol/decode-json.ts';
import {
  type RehearsalRequest,
  type TwinEvent,
  type TwinRequest,
  twinCommandSchema,
} from '../../core/protocol/twin-control.ts';
import type { ChosenSettings } from '../../core/protocol/twin-settings.ts';
import { openParentChannel, type ParentChannel } from '../live/parent-channel.ts';
import { withSettings } from './apply-settings.ts';
import { changeConfig } from './change-config.ts';
import { explainStaleness } from './explain-staleness.ts';
import { runRehearsalGently } from './rehearse/run-rehearsal.ts';
import { runPairGently } from './run-pair.ts';
import { runTwinGently } from './run-twin.ts';
import { coversNobody, readFaultSchedule } from './twin-fault.ts';
import { DEFAULT_TWIN_OPTIONS, type TwinOptions } from './twin-options.ts';

/** Entries of the trace that are kept when it is to be asked: about 30 MB. */
const TRACE_ENTRIES_MAX = 1_000_000;

/** Entry of the process that runs the twin: one command, its answers, the end. */
function main(channel: ParentChannel): void {
  const stop = new AbortController();
  let isRunning = false;
  let hasSaidRunning = false;
  const sayRunning = () => {
    if (!hasSaidRunning) channel.post({ type: 'running' } satisfies TwinEvent);
    hasSaidRunning = true;
  };
  const answer = (event: TwinEvent) => channel.post(event, () => process.exit(0));
  channel.onMessage((message) => {
    const command = decodeValue(twinCommandSchema, message);
    if (!command.ok) answer({ type: 'refused', detail: command.error.detail });
    else if (command.value.type === 'stop') stop.abort();
    else if (!isRunning) {
      isRunning = true;
      if (command.value.type === 'rehearse') {
        void rehearse(command.value.request, stop.signal, channel).then(answer);
      } else if (command.value.type === 'run-pair') {
        const { request, against } = command.value;
        void runTwice(request, against, stop.signal, sayRunning).then(answer);
      } else void run(command.value.request, stop.signal, sayRunning).then(answer);
    }
  });
  channel.onDisconnect(() => process.exit(0));
  // Whoever stops the run tells it to; a signal to the whole group must not end it unheard.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => undefined);
  channel.post({ type: 'ready' } satisfies TwinEvent);
}

async function run(
  request: TwinRequest,
  signal: AbortSignal,
  onWay: () => void,
): Promise<TwinEvent> {
  const options = optionsOf(request);
  if (!options.ok) return { type: 'refused', ...options.error };
  const set = withSettings(options.value, request.settings);
  if (!set.ok) return { type: 'refused', detail: set.error };
  const { world, report } = await runTwinGently(set.value, signal, onWay);
  const [refused] = world.publishes.length === 0 ? world.refusals : [];
  if (refused !== undefined) return configRefused(refused.refusal);
  const { why } = request;
  if (why === null) return { type: 'done', report, why: null };
  const at = micros(why.atMs * MICROS_PER_MS);
  return { type: 'done', report, why: [...explainStaleness(world, why.nodeId, at)] };
}

async function runTwice(
  request: TwinRequest,
  against: ChosenSettings,
  signal: AbortSignal,
  onWay: () => void,
): Promise<TwinEvent> {
  const options = optionsOf(request);
  if (!options.ok) return { type: 'refused', ...options.error };
  const run = await runPairGently(options.value, request.settings, against, signal, onWay);
  if (!run.ok) return { type: 'refused', detail: run.error };
  const { publishes, refusals } = run.value.first;
  const [refused] = publishes.length === 0 ? refusals : [];
  if (refused !== undefined) return configRefused(refused.refusal);
  return { type: 'paired', pair: run.value.report() };
}

async function rehearse(
  request: RehearsalRequest,
  signal: AbortSignal,
  channel: ParentChannel,
): Promise<TwinEvent> {
  giveWayToOthers();
  const rehearsal = await runRehearsalGently(request, signal, (outcome) =>
    channel.post({ type: 'seed-done', outcome } satisfies TwinEvent),
  );
  if (!rehearsal.ok) return { type: 'refused', ...rehearsal.error };
  return { type: 'rehearsed', ...rehearsal.value };
}

/** A rehearsal takes a core for seconds: the planes of the console that asked for it come first. */
function giveWayToOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Where the system does not allow it, it is only less gentle.
  }
}

function configRefused({ detail }: ControlPlaneRefusal): TwinEvent {
  return { type: 'refused', detail: `The config was refused. ${detail}` };
}

interface Refusal {
  readonly detail: string;
  readonly reason?: 'unusable-faults';
}

function optionsOf(request: TwinRequest): Result<TwinOptions, Refusal> {
  const { nodes, cells, seed, durationMs, configText, publishEveryMs, faultsText, why } = request;
  const faults = readFaultSchedule(faultsText ?? '[]');
  const badFaults = (detail: string) => err({ detail, reason: 'unusable-faults' } as const);
  if (!faults.ok) return badFaults(`The faults cannot be read: ${faults.error}.`);
  const inventory = planInventory({ nodes, cells, current: [] }).add;
  const nobody = faults.value.findIndex(({ fault }) => coversNobody(fault, inventory));
  if (nobody >= 0) {
    return badFaults(`Fault ${nobody + 1} is for a node or cell that this fleet does not have.`);
  }
  if (why !== null && !inventory.some(({ nodeId }) => nodeId === why.nodeId)) {
    const first = inventory[0]?.nodeId ?? '';
    return err({ detail: `This fleet has no node ${why.nodeId}; its first is ${first}.` });
  }
  return ok({
    ...DEFAULT_TWIN_OPTIONS,
    nodes,
    cells,
    seed,
    durationUs: durationMs * MICROS_PER_MS,
    configText,
    publishes:
      publishEveryMs === null
        ? null
        : {
            everyUs: publishEveryMs * MICROS_PER_MS,
            textOf: (step: number) => changeConfig(configText, step),
          },
    faults: faults.value,
    traceEntriesMax: why === null ? 0 : TRACE_ENTRIES_MAX,
  });
}

const channel = openParentChannel();
assert(channel !== null, 'the twin is started by the holdfast command, not on its own');
main(channel);
