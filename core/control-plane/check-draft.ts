import { type BuiltDocuments, buildDocuments } from '../config/build-documents.ts';
import type { NodeId } from '../config/ids.ts';
import { utf8Length } from '../config/utf8-length.ts';
import { requiredFeatures } from '../gateway/features.ts';
import { type DocumentCache, type ParsedConfig, parseConfig } from '../gateway/parse-config.ts';
import { blocksPublishing, type Problem } from '../gateway/problem.ts';
import type { Micros } from '../ports/clock.ts';
import type { ConfigStore } from '../ports/store.ts';
import type { DraftDelta, NodeRejection } from '../protocol/control-plane-control.ts';
import type { NodeCapabilities } from '../protocol/node-link.ts';
import type { CreationTimestamps } from './creation-timestamps.ts';
import { draftDelta } from './draft-delta.ts';
import type { NodeRegistry } from './node-registry.ts';
import { sizeProblem } from './publisher.ts';

/** Reasons named in one answer. */
export const REJECTIONS_MAX = 200;
/** Nodes named for one reason. */
export const REJECTING_NODES_NAMED_MAX = 20;

export interface DraftCheck {
  readonly problems: readonly Problem[];
  readonly rejections: readonly NodeRejection[];
  /** Null when it cannot be published as it stands. */
  readonly delta: DraftDelta | null;
}

export interface DraftCheckParts {
  readonly store: ConfigStore;
  readonly registry: NodeRegistry;
  readonly cache: DocumentCache;
  readonly timestamps: CreationTimestamps;
}

interface Demand {
  readonly resource: string;
  readonly feature: string;
  readonly where: string;
}

/**
 * What is wrong with a text, which nodes that said hello to this process would reject it, and what
 * publishing it would send.
 */
export function checkDraft(parts: DraftCheckParts, text: string, now: Micros): DraftCheck {
  const { store, registry, cache, timestamps } = parts;
  const parsed = parseConfig(text, cache);
  const demands = demandsOf(parsed);
  let built: BuiltDocuments | null = null;
  if (!blocksPublishing(parsed.problems)) {
    const creationTimestampOf = timestamps.lookup(store, store.head()?.revision ?? null);
    built = buildDocuments(parsed, { creationTimestampOf, now });
  }
  const size = built === null ? null : sizeOf(built);
  const problems = [...parsed.problems, ...(size?.problem == null ? [] : [size.problem])];
  const rejections: NodeRejection[] = [];
  for (const group of groupByCapabilities(registry)) {
    for (const { resource, detail } of objections(group.capabilities, demands, size)) {
      if (rejections.length === REJECTIONS_MAX) break;
      rejections.push({
        agentVersion: group.capabilities.agentVersion,
        resource,
        detail,
        nodes: group.nodeIds.length,
        nodeIds: group.nodeIds.slice(0, REJECTING_NODES_NAMED_MAX),
      });
    }
  }
  const delta =
    built !== null && size?.problem === null ? draftDelta(store, built, registry.size) : null;
  return { problems, rejections, delta };
}

function demandsOf(parsed: ParsedConfig): Demand[] {
  const demands: Demand[] = [];
  for (const { key, body } of parsed.documents) {
    if (body === null) continue;
    for (const [feature, where] of requiredFeatures(body)) {
      demands.push({ resource: key, feature, where });
    }
  }
  return demands;
}

interface ConfigSize {
  readonly resources: number;
  readonly bytes: number;
  /** When it is more than can be pushed to anybody. */
  readonly problem: Problem | null;
}

function sizeOf({ documents, manifest }: BuiltDocuments): ConfigSize {
  let bytes = 0;
  for (const { canonical } of documents) bytes += canonical === null ? 0 : utf8Length(canonical);
  return { resources: manifest.size, bytes, problem: sizeProblem(documents) };
}

function* objections(
  { agentVersion, features, limits }: NodeCapabilities,
  demands: readonly Demand[],
  size: ConfigSize | null,
): Generator<{ resource: string; detail: string }> {
  const has = new Set(features);
  // In the words that the node's own nack will use.
  const release = agentVersion.split('.').slice(0, 2).join('.');
  for (const { resource, feature, where } of demands) {
    if (has.has(feature)) continue;
    const name = resource.slice(resource.indexOf('/') + 1);
    yield { resource, detail: `${name} uses ${where}, which agent ${release} lacks` };
  }
  if (size === null) return;
  if (size.resources > limits.resourcesMax) {
    const detail = `${size.resources} resources, this node takes ${limits.resourcesMax}`;
    yield { resource: '', detail };
  }
  if (size.bytes > limits.configBytesMax) {
    const detail = `${size.bytes} bytes, this node takes ${limits.configBytesMax}`;
    yield { resource: '', detail };
  }
}

function groupByCapabilities(
  registry: NodeRegistry,
): Iterable<{ capabilities: NodeCapabilities; nodeIds: NodeId[] }> {
  const groups = new Map<string, { capabilities: NodeCapabilities; nodeIds: NodeId[] }>();
  for (const { nodeId, capabilities } of registry.all()) {
    if (capabilities === null) continue;
    const { agentVersion, features, limits } = capabilities;
    const key = JSON.stringify([agentVersion, features, limits]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { capabilities, nodeIds: [nodeId] });
    else group.nodeIds.push(nodeId);
  }
  return groups.values();
}
