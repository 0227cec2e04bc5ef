import type { NodeRow } from '../../core/protocol/console-model.ts';
import { INVENTORY_NODES_MAX } from '../../core/protocol/limits.ts';
import { cellSchema, nodeIdSchema } from '../../core/protocol/primitives.ts';
import { readNumber } from '../host/serve-options.ts';
import { type Command, done, refused } from './command.ts';
import { statusText } from './status-text.ts';
import { count, duration, table } from './text.ts';

const status: Command = {
  name: ['status'],
  usage: '',
  summary: 'how it stands: control plane, fleet, staleness, traffic, alerts',
  options: {},
  positionals: 0,
  async run({ client }) {
    const answer = await client.request('get-status', {});
    return answer.ok ? done(answer.value, statusText(answer.value)) : refused(answer.error);
  },
};

const nodes: Command = {
  name: ['nodes'],
  usage: '',
  summary: 'every node: what it serves, how stale it is, what it is asked',
  options: {},
  positionals: 0,
  async run({ client }) {
    const answer = await client.request('list-nodes', {});
    return answer.ok ? done(answer.value, nodeTable(answer.value.nodes)) : refused(answer.error);
  },
};

function nodeTable(rows: readonly NodeRow[]): string {
  return table(
    [
      { title: 'NODE' },
      { title: 'SERVES', align: 'right' },
      { title: 'SOURCE' },
      { title: 'HEALTH' },
      { title: 'LINK' },
      { title: 'SYNC' },
      { title: 'BEHIND', align: 'right' },
      { title: 'UNVERIFIED', align: 'right' },
      { title: 'REQ/S', align: 'right' },
      { title: 'FAIL/S', align: 'right' },
    ],
    rows.map((row) => [
      row.nodeId,
      row.servingRevision === 0 ? '-' : `r${row.servingRevision}`,
      row.source,
      row.health,
      row.link,
      row.syncStatus,
      String(row.lagRevisions),
      row.unverifiedMs === null ? 'never' : duration(row.unverifiedMs),
      count(row.requestsPerSecond),
      count(row.failuresPerSecond),
    ]),
  );
}

const resize: Command = {
  name: ['fleet', 'resize'],
  usage: 'N',
  summary: 'provision or retire nodes until there are N',
  options: {},
  positionals: 1,
  check([text]) {
    const nodesWanted = readNumber('N', text, 0, { min: 0, max: INVENTORY_NODES_MAX });
    return nodesWanted.ok ? null : nodesWanted.error;
  },
  async run({ client, positionals }) {
    const answer = await client.request('resize-fleet', { nodes: Number(positionals[0]) });
    if (!answer.ok) return refused(answer.error);
    return done(answer.value, `The fleet has ${count(answer.value.nodes)} nodes.`);
  },
};

const retire: Command = {
  name: ['node', 'retire'],
  usage: 'ID',
  summary: 'take one node out of the inventory for good',
  options: {},
  positionals: 1,
  check: ([id]) =>
    nodeIdSchema.safeParse(id).success ? null : `${id} is not a node id (cell/name)`,
  async run({ client, positionals }) {
    const answer = await client.request('retire-node', { nodeId: positionals[0] ?? '' });
    if (!answer.ok) return refused(answer.error);
    return done(answer.value, `Retired; the fleet has ${count(answer.value.nodes)} nodes.`);
  },
};

const restart: Command = {
  name: ['node', 'restart'],
  usage: 'ID|CELL [--wipe]',
  summary: 'restart a node, or a whole cell, with its disk kept or wiped',
  options: { wipe: { type: 'boolean' } },
  positionals: 1,
  check([id]) {
    const isName = nodeIdSchema.safeParse(id).success || cellSchema.safeParse(id).success;
    return isName ? null : `${id} is neither a node id (cell/name) nor a cell`;
  },
  async run({ client, positionals, options }) {
    const id = positionals[0] ?? '';
    const answer = await client.request('restart-nodes', {
      target: id.includes('/') ? { scope: 'node', nodeId: id } : { scope: 'cell', cell: id },
      disk: options.wipe === true ? 'wipe' : 'keep',
    });
    if (!answer.ok) return refused(answer.error);
    return done(answer.value, `Restarted ${count(answer.value.nodes)} nodes.`);
  },
};

export const fleetCommands: readonly Command[] = [status, nodes, resize, restart, retire];
