import { type JsonObject, listAt, objectAt, pointerTo, stringAt } from './json.ts';
import { GATEWAY_GROUP } from './kinds.ts';
import { nearestName } from './near-name.ts';
import { changeTo } from './problem-fix.ts';
import type { Find } from './reference-finding.ts';
import type { ResourceIndex } from './resource-index.ts';

/** Stage three for one ListenerSet: its Gateway is there and takes it, and no listener is in the way. */
export function checkListenerSetReferences(
  index: ResourceIndex,
  set: { readonly namespace: string; readonly name: string; readonly body: JsonObject },
  find: Find,
): void {
  const spec = objectAt(set.body, 'spec');
  const parent = objectAt(spec, 'parentRef');
  const name = stringAt(parent, 'name');
  if (parent === undefined || name === undefined) return;
  const kind = stringAt(parent, 'kind') ?? 'Gateway';
  if (kind !== 'Gateway' || (stringAt(parent, 'group') ?? GATEWAY_GROUP) !== GATEWAY_GROUP) {
    const message = `A ListenerSet joins a Gateway; this parentRef to a ${kind} has no effect.`;
    find({ severity: 'warning', code: 'foreign-parent', pointer: '/spec/parentRef', message });
    return;
  }
  const namespace = stringAt(parent, 'namespace') ?? set.namespace;
  const path = `${namespace}/${name}`;
  if (!index.gateways.has(path)) {
    find({
      severity: 'error',
      code: 'missing-gateway',
      pointer: '/spec/parentRef/name',
      message: `There is no Gateway ${path} in this config.`,
      near: {
        memoKey: `Gateway/${path}`,
        find: () => nearestName(path, index.gateways.keys()),
        fixTo: (near) =>
          near.startsWith(`${namespace}/`)
            ? changeTo('/spec/parentRef/name', near.slice(namespace.length + 1))
            : undefined,
      },
    });
    return;
  }
  const indexed = index.listenerSets.get(`${set.namespace}/${set.name}`);
  if (indexed === undefined) return;
  if (!indexed.isAdmitted) {
    const message = `Gateway ${path} takes no ListenerSets from namespace ${set.namespace}, so these listeners are not served; change its spec.allowedListeners.`;
    find({ severity: 'warning', code: 'not-admitted', pointer: '/spec/parentRef', message });
    return;
  }
  const conflicted = new Set(indexed.conflicted);
  listAt(spec, 'listeners').forEach((listener, position) => {
    const own = stringAt(listener, 'name');
    if (own === undefined || !conflicted.has(own)) return;
    find({
      severity: 'warning',
      code: 'listener-conflict',
      pointer: pointerTo('/spec/listeners', position),
      message: `The Gateway or an older ListenerSet holds this port with the same hostname or another protocol, so listener "${own}" is not served; change its port or hostname.`,
    });
  });
}
