import { attach } from '../../core/gateway/attachment.ts';
import { listAt, objectAt } from '../../core/gateway/json.ts';
import type { ParsedConfig } from '../../core/gateway/parse-config.ts';
import { type CanonicalResource, indexResources } from '../../core/gateway/resource-index.ts';
import type { ListenerRoutes } from './config-worker-messages.ts';

/** Places of routes on listeners listed in all; a route may be on many. */
const PLACES_MAX = 20_000;

/** Which routes each listener serves, routes in the order of the text. */
export function listenerRoutesOf(parsed: ParsedConfig): ListenerRoutes[] {
  const resources: CanonicalResource[] = [];
  for (const { key, body } of parsed.documents) if (body !== null) resources.push({ key, body });
  const index = indexResources(resources);
  const byListener = new Map<string, { gateway: string; listener: string; routes: string[] }>();
  let places = 0;
  for (const route of index.routes) {
    const seen = new Set<string>();
    for (const parent of listAt(objectAt(route.body, 'spec'), 'parentRefs')) {
      const attached = attach(index, route, parent);
      if (!attached.ok) continue;
      for (const { listener } of attached.value) {
        const id = `${listener.gateway} ${listener.name}`;
        if (seen.has(id) || places >= PLACES_MAX) continue;
        seen.add(id);
        places += 1;
        const entry = byListener.get(id);
        if (entry === undefined) {
          const { gateway, name } = listener;
          byListener.set(id, { gateway, listener: name, routes: [route.key] });
        } else entry.routes.push(route.key);
      }
    }
  }
  return [...byListener.values()];
}
