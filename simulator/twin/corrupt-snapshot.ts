import type { ConfigSnapshot } from '../../core/config/snapshot.ts';

/**
 * A copy one resource of which is no longer what its hash says, as after a flipped bit: it states the
 * same hashes. The damage is where no request sees it, for what requests are answered with is
 * remembered by the stated hash. An empty config has nothing to damage.
 */
export function corruptSnapshot(snapshot: ConfigSnapshot): ConfigSnapshot {
  const [key] = [...snapshot.resources.keys()].sort();
  const resource = key === undefined ? undefined : snapshot.resources.get(key);
  if (key === undefined || resource === undefined) return snapshot;
  const body = { ...resource.body, damaged: true };
  const resources = new Map(snapshot.resources).set(key, { ...resource, body });
  return Object.freeze({ hash: snapshot.hash, resources });
}
