import process from 'node:process';
import { assert } from '../../core/lib/assert.ts';
import { decodeValue } from '../../core/protocol/decode-json.ts';
import {
  type SimulatorCommand,
  type SimulatorEvent,
  simulatorCommandSchema,
} from '../../core/protocol/simulator-control.ts';
import { FleetSimulator } from './fleet-simulator.ts';
import { FRAMES_UNSENT_MAX } from './live-limits.ts';
import { openParentChannel, type ParentChannel } from './parent-channel.ts';
import { createTimerScheduler } from './timer-scheduler.ts';
import { createWallClock } from './wall-clock.ts';

/**
 * Entry of the simulator process. Takes `SimulatorCommand`s from its parent, `init` first, and
 * answers with `SimulatorEvent`s. Ends with the channel: a fleet without a console is of no use.
 */
function main(channel: ParentChannel): void {
  const clock = createWallClock();
  const scheduler = createTimerScheduler(clock);
  let simulator: FleetSimulator | null = null;
  let framesUnsent = 0;

  const post = (event: SimulatorEvent) => {
    if (event.type !== 'frame') {
      channel.post(event);
      return;
    }
    framesUnsent += 1;
    channel.post(event, () => {
      framesUnsent -= 1;
    });
  };
  const fatal = (reason: string, detail: string) => {
    channel.post({ type: 'fatal', reason, detail } satisfies SimulatorEvent, () => process.exit(1));
  };
  const handle = (command: SimulatorCommand) => {
    if (command.type === 'init') {
      if (simulator !== null) return fatal('bad-command', 'init came twice');
      const mayPostFrame = () => framesUnsent < FRAMES_UNSENT_MAX;
      const started = FleetSimulator.start({ init: command, clock, scheduler, post, mayPostFrame });
      if (!started.ok) return fatal(started.error.reason, started.error.detail);
      simulator = started.value;
      return post({ type: 'ready' });
    }
    if (command.type === 'shut-down') {
      if (simulator === null) process.exit(0);
      return simulator.shutDown(() => process.exit(0));
    }
    if (simulator === null) return fatal('bad-command', `${command.type} came before init`);
    return simulator.handle(command);
  };

  channel.onMessage((message) => {
    const command = decodeValue(simulatorCommandSchema, message);
    if (command.ok) handle(command.value);
    else fatal('bad-command', command.error.detail);
  });
  channel.onDisconnect(() => process.exit(0));
  process.on('uncaughtException', (error) => fatal('crashed', error.stack ?? error.message));
}

const channel = openParentChannel();
assert(channel !== null, 'the simulator is started by the console host, not on its own');
main(channel);
