import { resolve } from 'node:path';
import { type Command, done, refused } from './command.ts';
import { count } from './text.ts';

const kill: Command = {
  name: ['control-plane', 'kill'],
  usage: '',
  summary: 'kill the control plane with SIGKILL; the fleet keeps serving',
  options: {},
  positionals: 0,
  async run({ client }) {
    const answer = await client.request('kill-control-plane', {});
    if (!answer.ok) return refused(answer.error);
    return done(answer.value, `Killed process ${answer.value.pid}.`);
  },
};

const start: Command = {
  name: ['control-plane', 'start'],
  usage: '',
  summary: 'start the control plane again',
  options: {},
  positionals: 0,
  async run({ client }) {
    const answer = await client.request('start-control-plane', {});
    if (!answer.ok) return refused(answer.error);
    return done(answer.value, `The control plane is up as process ${answer.value.pid}.`);
  },
};

const backup: Command = {
  name: ['backup'],
  usage: 'FILE',
  summary: 'copy the control plane’s file, while it runs',
  options: {},
  positionals: 1,
  async run({ client, positionals }) {
    const answer = await client.request('backup', { path: resolve(positionals[0] ?? '') });
    if (!answer.ok) return refused(answer.error);
    return done(answer.value, `${answer.value.path}: ${count(answer.value.bytes)} bytes.`);
  },
};

const restore: Command = {
  name: ['restore'],
  usage: 'FILE',
  summary: 'put a backup in the place of the control plane’s file; the replaced one is kept',
  options: {},
  positionals: 1,
  async run({ client, positionals }) {
    const answer = await client.request('restore', { path: resolve(positionals[0] ?? '') });
    if (!answer.ok) return refused(answer.error);
    const { revision } = answer.value;
    return done(
      answer.value,
      `Restored; the head is ${revision === null ? 'empty' : `r${revision}`}.`,
    );
  },
};

const reset: Command = {
  name: ['reset'],
  usage: '',
  summary: 'delete revisions, inventory, disks and draft, and begin as at the first run',
  options: {},
  positionals: 0,
  async run({ client }) {
    const answer = await client.request('reset', {});
    if (!answer.ok) return refused(answer.error);
    return done(answer.value, `Reset; the fleet has ${count(answer.value.nodes)} nodes.`);
  },
};

export const processCommands: readonly Command[] = [kill, start, backup, restore, reset];
