import { type JsonObject, listAt, objectAt, stringAt } from './json.ts';

/** Who refers to what across namespaces. The core API group is the empty string. */
export interface Reference {
  readonly fromGroup: string;
  readonly fromKind: string;
  readonly fromNamespace: string;
  readonly toGroup: string;
  readonly toKind: string;
  readonly toNamespace: string;
  readonly toName: string;
}

/** Every permission that the ReferenceGrants give, ORed. */
export interface GrantTable {
  permits(reference: Reference): boolean;
}

/** A grant lies in the namespace of what it opens; each `from` is combined with each `to`. */
export function collectGrants(
  grants: Iterable<{ readonly namespace: string; readonly body: JsonObject }>,
): GrantTable {
  const permitted = new Set<string>();
  for (const { namespace, body } of grants) {
    const spec = objectAt(body, 'spec');
    for (const from of listAt(spec, 'from')) {
      const referrer = [
        stringAt(from, 'group'),
        stringAt(from, 'kind'),
        stringAt(from, 'namespace'),
      ];
      if (referrer.includes(undefined)) continue;
      for (const to of listAt(spec, 'to')) {
        const target = [stringAt(to, 'group'), stringAt(to, 'kind')];
        if (target.includes(undefined)) continue;
        permitted.add(JSON.stringify([...referrer, ...target, namespace, stringAt(to, 'name')]));
      }
    }
  }
  return {
    permits(reference) {
      const common = [
        reference.fromGroup,
        reference.fromKind,
        reference.fromNamespace,
        reference.toGroup,
        reference.toKind,
        reference.toNamespace,
      ];
      // An entry without name opens every object of the kind; it is stored with null for a name.
      return (
        permitted.has(JSON.stringify([...common, reference.toName])) ||
        permitted.has(JSON.stringify([...common, undefined]))
      );
    },
  };
}
