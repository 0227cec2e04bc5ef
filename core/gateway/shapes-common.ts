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
import { anything, doc, integer, list, mapOf, object, type Shape, text } from './shape.ts';

export const port = doc('A port number, 1 to 65535.', integer(1, 65_535));

/** What every document begins with. */
export const head: Record<string, Shape> = {
  apiVersion: doc('The group and version of the API that the kind belongs to.', text()),
  kind: doc('What this resource is.', text()),
  status: anything,
};

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
  return doc(
    'Who the resource is, and notes about it.',
    object(
      {
        name: doc(
          'The name, once for each kind in a namespace: a DNS name.',
          text(scope === 'cluster' ? dnsLabel : dnsSubdomain),
        ),
        namespace: doc('The namespace that it lives in; `default` when left out.', text(dnsLabel)),
        labels: doc(
          'Short names and values that selectors choose by.',
          mapOf(text(labelValue), labelKey),
        ),
        annotations: doc(
          'Notes for people and tools; they have no effect here.',
          mapOf(text(), labelKey),
        ),
        creationTimestamp: doc(
          'When it was made. Of routes that match alike, the older wins; set at first publish when left out.',
          text(timestamp),
        ),
        ...clusterFields,
      },
      ['name'],
    ),
  );
}

/** Name and value of a header that a filter sets or adds. */
const headerEntry = object(
  {
    name: doc('The name of the header, in any case.', text(headerName)),
    value: doc('The value that it gets.', text(headerValue)),
  },
  ['name', 'value'],
);

export const headerModifier = object({
  set: doc('Headers that get this value in place of any they have.', list(headerEntry, 16)),
  add: doc('Values that are added to those that the header has.', list(headerEntry, 16)),
  remove: doc('Names of headers that are taken away.', list(text(headerName), 16)),
});

/** A reference to an object in the same namespace. */
export const localReference = object(
  {
    group: doc('The API group of the object, such as holdfast.dev.', text(optionalGroup)),
    kind: doc('The kind of the object, such as FeatureFlag.', text(kindName)),
    name: doc('The name of the object, in the same namespace.', text(dnsSubdomain)),
  },
  ['name'],
);

export const labelSelector = object({
  matchLabels: doc(
    'Labels that must all be there with these values.',
    mapOf(text(labelValue), labelKey),
  ),
  matchExpressions: doc(
    'Conditions on labels; all must hold.',
    list(
      object(
        {
          key: doc('The name of the label.', text(labelKey)),
          operator: doc('In, NotIn, Exists or DoesNotExist.', text()),
          values: doc('The values for In and NotIn; empty otherwise.', list(text(labelValue), 64)),
        },
        ['key', 'operator'],
      ),
      64,
    ),
  ),
});
