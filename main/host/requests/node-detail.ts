import type { ContentHash, ResourceKey } from '../../../core/config/ids.ts';
import { rootHashOf } from '../../../core/config/root-hash.ts';
import type { NodeDetail, NodeRow } from '../../../core/protocol/console-model.ts';
import type { NodeInspection } from '../../../core/protocol/simulator-control.ts';
import type { ConsoleServices } from './console-services.ts';

/** Resources named in a difference. */
const DIFFERENCE_MAX = 1_000;

/** Truth, belief, and what lies between what a node serves and what it should. */
export async function readNodeDetail(services: ConsoleServices, row: NodeRow): Promise<NodeDetail> {
  const [inspection, sync] = await Promise.all([
    inspect(services, row.nodeId),
    services.controlPlane.request({ method: 'get-node-sync', nodeId: row.nodeId }),
  ]);
  const difference = inspection === null ? null : await differenceOf(services, inspection);
  if (inspection === null) return { row, inspection: null, sync: valueOrNull(sync), difference };
  const { manifest: _manifest, ...shown } = inspection;
  return { row, inspection: shown, sync: valueOrNull(sync), difference };
}

function valueOrNull<T>(result: { ok: true; value: T } | { ok: false }): T | null {
  return result.ok ? result.value : null;
}

async function inspect(
  { simulator }: ConsoleServices,
  nodeId: NodeRow['nodeId'],
): Promise<NodeInspection | null> {
  const answer = await simulator.request({ type: 'inspect-node', nodeId });
  return answer.ok && answer.value.kind === 'inspection' ? answer.value.inspection : null;
}

async function differenceOf(
  services: ConsoleServices,
  inspection: NodeInspection,
): Promise<NodeDetail['difference']> {
  const { head } = services.model;
  if (head === null) return null;
  if (inspection.serving?.hash === head.record.rootHash) return [];
  const target = await headManifest(services);
  return target === null ? null : compareManifests(target, new Map(inspection.manifest));
}

/** What a node lacks of its target, has otherwise, or has beyond it; sorted by key. */
export function compareManifests(
  target: ReadonlyMap<ResourceKey, ContentHash>,
  serving: ReadonlyMap<ResourceKey, ContentHash>,
): NonNullable<NodeDetail['difference']> {
  const found: { key: string; change: 'missing' | 'different' | 'extra' }[] = [];
  for (const [key, hash] of target) {
    const held = serving.get(key);
    if (held === undefined) found.push({ key, change: 'missing' });
    else if (held !== hash) found.push({ key, change: 'different' });
  }
  for (const key of serving.keys()) if (!target.has(key)) found.push({ key, change: 'extra' });
  found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return found.slice(0, DIFFERENCE_MAX);
}

/**
 * Keys and hashes of the head. The host has its text alone, which does not tell when a resource was
 * first published, so the manifest is read from any node that serves the head and is believed only
 * when its root hash is the head's. Null when no such node is to be found.
 */
async function headManifest(
  services: ConsoleServices,
): Promise<ReadonlyMap<ResourceKey, ContentHash> | null> {
  const { model } = services;
  const { head } = model;
  if (head === null) return null;
  if (head.manifest !== null) return new Map(head.manifest);
  const row = model.frame.servingRevision.indexOf(head.record.revision);
  const nodeId = model.roster.nodeIds[row];
  if (nodeId === undefined) return null;
  const peer = await inspect(services, nodeId);
  if (peer === null || rootHashOf(peer.manifest) !== head.record.rootHash) return null;
  model.setHeadManifest(head, peer.manifest);
  return new Map(peer.manifest);
}
