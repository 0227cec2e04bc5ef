import {
  dnsLabel,
  dnsSubdomain,
  headerName,
  headerValue,
  kindName,
  labelKey,
  labelValue,
  optionalGroup,
  timestamp,
} from './formats.ts';
import { anything, integer, list, mapOf, object, type Shape, text } from './shape.ts';

export const port = integer(1, 65_535);

/** Fields that clusters add are taken without a word. */
const clusterFields: Record<string, Shape> = {
  uid: anything,
  resourceVersion: anything,
  generation: anything,
  generateName: anything,
  selfLink: anything,
  managedFields: anything,
  ownerReferences: anything,
  finalizers: anything,
  deletionTimestamp: anything,
  deletionGracePeriodSeconds: anything,
};

export function metadata(scope: 'namespaced' | 'cluster'): Shape {
  return object(
    {
      name: text(scope === 'cluster' ? dnsLabel : dnsSubdomain),
      namespace: text(dnsLabel),
      labels: mapOf(text(labelValue), labelKey),
      annotations: mapOf(text(), labelKey),
      creationTimestamp: text(timestamp),
      ...clusterFields,
    },
    ['name'],
  );
}

/** Name and value of a header that a filter sets or adds. */
const headerEntry = object({ name: text(headerName), value: text(headerValue) }, ['name', 'value']);

export const headerModifier = object({
  set: list(headerEntry, 16),
  add: list(headerEntry, 16),
  remove: list(text(headerName), 16),
});

/** A reference to an object in the same namespace. */
export const localReference = object(
  { group: text(optionalGroup), kind: text(kindName), name: text(dnsSubdomain) },
  ['name'],
);

export const labelSelector = object({
  matchLabels: mapOf(text(labelValue), labelKey),
  matchExpressions: list(
    object({ key: text(labelKey), operator: text(), values: list(text(labelValue), 64) }, [
      'key',
      'operator',
    ]),
    64,
  ),
});
