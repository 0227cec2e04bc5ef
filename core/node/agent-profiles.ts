import type { NodeId } from '../config/ids.ts';
import { ALL_FEATURES } from '../gateway/features.ts';
import { sha256Bytes } from '../lib/sha256.ts';
import type { NodeCapabilities } from '../protocol/node-link.ts';

/** An agent build: what its nodes state in `hello`, and check pushes against. */
export interface AgentProfile {
  readonly capabilities: NodeCapabilities;
  /** The same features, for looking up. */
  readonly features: ReadonlySet<string>;
  readonly featuresMissing: readonly string[];
}

const MISSING_IN_1_3 = [
  'GatewayListenerSet',
  'HTTPRouteCORS',
  'HTTPRouteRequestPercentageMirror',
  'HoldfastAuthPolicyJWT',
  'HoldfastFeatureFlagCells',
] as const;
const MISSING_IN_1_2 = [
  ...MISSING_IN_1_3,
  'HTTPRouteRequestMirror',
  'HTTPRouteQueryParamMatching',
  'HoldfastTrafficPolicyCircuitBreaker',
  'HoldfastTrafficPolicyRetryBudget',
] as const;

/** About 94 % of a fleet: everything that this version of Holdfast knows. */
export const AGENT_CURRENT = profile('1.4.2', [], 20_000, 16 * 1024 * 1024);
/** About 4 %. */
export const AGENT_PREVIOUS = profile('1.3.9', MISSING_IN_1_3, 10_000, 12 * 1024 * 1024);
/** About 2 %. */
export const AGENT_OLDEST = profile('1.2.6', MISSING_IN_1_2, 5_000, 8 * 1024 * 1024);

const PER_MILLE_OLDEST = 20;
const PER_MILLE_PREVIOUS = 40;

/** The build that a node runs. Depends on its id alone, so that it is the same after any restart. */
export function agentProfileOf(nodeId: NodeId): AgentProfile {
  const digest = sha256Bytes(`agent:${nodeId}`);
  const perMille = new DataView(digest.buffer, digest.byteOffset).getUint32(0) % 1_000;
  if (perMille < PER_MILLE_OLDEST) return AGENT_OLDEST;
  return perMille < PER_MILLE_OLDEST + PER_MILLE_PREVIOUS ? AGENT_PREVIOUS : AGENT_CURRENT;
}

function profile(
  agentVersion: string,
  missing: readonly string[],
  resourcesMax: number,
  configBytesMax: number,
): AgentProfile {
  const features = ALL_FEATURES.filter((feature) => !missing.includes(feature));
  return {
    capabilities: { agentVersion, features, limits: { resourcesMax, configBytesMax } },
    features: new Set(features),
    featuresMissing: missing,
  };
}
