import { compareText } from '../lib/compare-text.ts';
import { objectAt, stringAt } from './json.ts';
import { GATEWAY_GROUP } from './kinds.ts';
import {
  admitsListenerSets,
  type Listener,
  type ListenerOwner,
  listenersOf,
  type NamespaceLabels,
} from './listener.ts';
import { creationInstantMs } from './precedence.ts';

/** A ListenerSet as routing needs it. */
export interface IndexedListenerSet {
  /** `namespace/name` of the Gateway that it wants to join. */
  readonly gatewayPath: string;
  /** Whether that Gateway is there and takes its listeners. */
  readonly isAdmitted: boolean;
  /** Those that the Gateway serves: without conflict with what was there before. */
  readonly listeners: readonly Listener[];
  /** Names of listeners that are not served because others hold their place. */
  readonly conflicted: readonly string[];
}

/**
 * Joins ListenerSets to their Gateways. The Gateway's own listeners come first, then the sets by age
 * and by name; a listener whose port and hostname are taken by then, or whose port speaks the other
 * scheme, is not served (GEP-1713).
 */
export function joinListenerSets(
  sets: ReadonlyMap<string, ListenerOwner>,
  owners: ReadonlyMap<string, ListenerOwner>,
  gateways: ReadonlyMap<string, readonly Listener[]>,
  labels: NamespaceLabels,
): ReadonlyMap<string, IndexedListenerSet> {
  const joined = new Map<string, IndexedListenerSet>();
  const places = new Map<string, ListenerPlaces>();
  const byAge = [...sets].sort(
    ([pathA, a], [pathB, b]) => createdAt(a) - createdAt(b) || compareText(pathA, pathB),
  );
  for (const [path, set] of byAge) {
    const gatewayPath = gatewayPathOf(set);
    const owner = owners.get(gatewayPath);
    if (owner === undefined || !admitsListenerSets(owner, set.namespace, labels)) {
      joined.set(path, { gatewayPath, isAdmitted: false, listeners: [], conflicted: [] });
      continue;
    }
    const taken = places.get(gatewayPath) ?? new ListenerPlaces(gateways.get(gatewayPath) ?? []);
    places.set(gatewayPath, taken);
    const listeners: Listener[] = [];
    const conflicted: string[] = [];
    for (const listener of listenersOf(set, { key: owner.key, path: gatewayPath })) {
      if (taken.take(listener)) listeners.push(listener);
      else conflicted.push(listener.name);
    }
    joined.set(path, { gatewayPath, isAdmitted: true, listeners, conflicted });
  }
  return joined;
}

function createdAt({ body }: ListenerOwner): number {
  return creationInstantMs(stringAt(objectAt(body, 'metadata'), 'creationTimestamp'));
}

/** Empty when the parentRef names no Gateway. */
function gatewayPathOf(set: ListenerOwner): string {
  const parent = objectAt(objectAt(set.body, 'spec'), 'parentRef');
  const name = stringAt(parent, 'name');
  const isGateway =
    (stringAt(parent, 'group') ?? GATEWAY_GROUP) === GATEWAY_GROUP &&
    (stringAt(parent, 'kind') ?? 'Gateway') === 'Gateway';
  if (!isGateway || name === undefined) return '';
  return `${stringAt(parent, 'namespace') ?? set.namespace}/${name}`;
}

/** Which ports and hostnames of a Gateway are taken. */
class ListenerPlaces {
  readonly #schemes = new Map<number, 'http' | 'https'>();
  readonly #hostnames = new Set<string>();

  constructor(own: readonly Listener[]) {
    for (const listener of own) this.take(listener);
  }

  /** False when another holds the place. */
  take({ port, scheme, hostname }: Listener): boolean {
    const place = `${port} ${hostname}`;
    if ((this.#schemes.get(port) ?? scheme) !== scheme || this.#hostnames.has(place)) return false;
    this.#schemes.set(port, scheme);
    this.#hostnames.add(place);
    return true;
  }
}
