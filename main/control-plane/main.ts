import process from 'node:process';
import { z } from 'zod';
import {
  type ControlPlaneCommand,
  type ControlPlaneEventMessage,
  controlPlaneCommandSchema,
} from '../../core/protocol/control-plane-control.ts';
import { decodeValue } from '../../core/protocol/decode-json.ts';
import { countSchema } from '../../core/protocol/primitives.ts';
import { openParentChannel, type ParentChannel } from '../parent-channel.ts';
import { type RunningControlPlane, startControlPlane } from './control-plane-process.ts';

/** Entry of the control plane process: commands in, events out, over the parent's channel. */

type State =
  | { readonly state: 'idle' }
  | { readonly state: 'starting' }
  | { readonly state: 'running'; readonly controlPlane: RunningControlPlane };

const requestIdSchema = z.looseObject({ type: z.literal('request'), requestId: countSchema });

const channel = openParentChannel();
if (channel === null) {
  process.stderr.write('The control plane is started by the console; run `holdfast serve`.\n');
  process.exit(2);
} else {
  run(channel);
}

function run(parent: ParentChannel): void {
  let state: State = { state: 'idle' };
  const send = (message: ControlPlaneEventMessage) => parent.send(message);

  const fail = async (reason: string, detail: string) => {
    send({ type: 'fatal', reason, detail });
    await parent.flush();
    process.exit(1);
  };

  const init = async (command: Extract<ControlPlaneCommand, { type: 'init' }>) => {
    state = { state: 'starting' };
    const started = await startControlPlane(command, send);
    if ('reason' in started) await fail(started.reason, started.detail);
    else state = { state: 'running', controlPlane: started };
  };

  const shutDown = async () => {
    if (state.state === 'running') await state.controlPlane.shutDown();
    await parent.flush();
    process.exit(0);
  };

  // A bug must not leave a half-dead process behind: the console starts a new one.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    void fail('internal', `The control plane failed: ${error.message}`);
  });
  parent.onDisconnect(() => process.exit(0));
  parent.onMessage((message) => {
    const decoded = decodeValue(controlPlaneCommandSchema, message);
    if (!decoded.ok) {
      refuseCommand(message, decoded.error.detail, send);
      return;
    }
    const command = decoded.value;
    if (command.type === 'shut-down') void shutDown();
    else if (command.type === 'init' && state.state === 'idle') void init(command);
    else if (command.type === 'request' && state.state === 'running') {
      state.controlPlane.request(command);
    } else refuseCommand(message, `${command.type} is not expected now`, send);
  });
}

function refuseCommand(
  message: unknown,
  detail: string,
  send: (message: ControlPlaneEventMessage) => void,
): void {
  const request = decodeValue(requestIdSchema, message);
  if (request.ok) {
    const error = { reason: 'bad-request', detail } as const;
    const { requestId } = request.value;
    send({ type: 'response', requestId, response: { ok: false, error } });
  } else
    process.stderr.write(`The control plane was sent a command that it cannot read: ${detail}\n`);
}
