import {
  dnsLabel,
  dnsSubdomain,
  endpointHost,
  hostname,
  kindName,
  optionalGroup,
} from './formats.ts';
import {
  anything,
  choice,
  doc,
  integer,
  list,
  mapOf,
  object,
  openObject,
  type Shape,
  text,
} from './shape.ts';
import { labelSelector, metadata, port } from './shapes-common.ts';

const head: Record<string, Shape> = { apiVersion: text(), kind: text(), status: anything };

const listener = object(
  {
    name: text(dnsSubdomain),
    hostname: text(hostname),
    port,
    protocol: text(),
    tls: object({
      mode: choice('Terminate', 'Passthrough'),
      certificateRefs: list(
        object(
          {
            group: text(optionalGroup),
            kind: text(kindName),
            name: text(dnsSubdomain),
            namespace: text(dnsLabel),
          },
          ['name'],
        ),
        64,
      ),
      options: mapOf(text()),
      frontendValidation: anything,
    }),
    allowedRoutes: object({
      namespaces: object({
        from: choice('All', 'Selector', 'Same', 'None'),
        selector: labelSelector,
      }),
      kinds: list(object({ group: text(optionalGroup), kind: text(kindName) }, ['kind']), 8),
    }),
  },
  ['name', 'port', 'protocol'],
);

export const gatewayShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    spec: object(
      {
        gatewayClassName: text(dnsSubdomain),
        listeners: list(listener, 64, 1),
        addresses: list(object({ type: text(), value: text() }), 16),
        infrastructure: anything,
        allowedListeners: doc(
          'From which namespaces ListenerSets may add listeners to this Gateway; from none when left out.',
          object({
            namespaces: object({
              from: doc('All, Selector, Same or None.', choice('All', 'Selector', 'Same', 'None')),
              selector: doc('For Selector: the labels of the namespaces.', labelSelector),
            }),
          }),
        ),
        tls: anything,
        defaultScope: text(),
      },
      ['gatewayClassName', 'listeners'],
    ),
  },
  ['metadata', 'spec'],
);

export const listenerSetShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    spec: doc(
      'Listeners that join a Gateway of another team, when its allowedListeners admit them.',
      object(
        {
          parentRef: doc(
            'The Gateway that the listeners join.',
            object(
              {
                group: doc('gateway.networking.k8s.io when left out.', text(optionalGroup)),
                kind: doc('Gateway when left out.', text(kindName)),
                name: doc('The name of the Gateway.', text(dnsSubdomain)),
                namespace: doc('Its namespace; this one when left out.', text(dnsLabel)),
              },
              ['name'],
            ),
          ),
          listeners: doc('The listeners, as in a Gateway.', list(listener, 64, 1)),
        },
        ['parentRef', 'listeners'],
      ),
    ),
  },
  ['metadata', 'spec'],
);

export const referenceGrantShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    spec: object(
      {
        from: list(
          object({ group: text(optionalGroup), kind: text(kindName), namespace: text(dnsLabel) }, [
            'group',
            'kind',
            'namespace',
          ]),
          16,
          1,
        ),
        to: list(
          object({ group: text(optionalGroup), kind: text(kindName), name: text(dnsSubdomain) }, [
            'group',
            'kind',
          ]),
          16,
          1,
        ),
      },
      ['from', 'to'],
    ),
  },
  ['metadata', 'spec'],
);

export const serviceShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    // A Service has many fields that routing has no use for.
    spec: openObject({
      ports: list(
        openObject(
          {
            name: text(dnsLabel),
            protocol: choice('TCP', 'UDP', 'SCTP'),
            appProtocol: text(),
            port,
            targetPort: { type: 'integer-or-text' },
            nodePort: integer(0, 65_535),
          },
          ['port'],
        ),
        250,
      ),
    }),
  },
  ['metadata', 'spec'],
);

export const namespaceShape: Shape = object(
  { ...head, metadata: metadata('cluster'), spec: anything },
  ['metadata'],
);

export const backendShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    spec: object(
      {
        endpoints: list(object({ host: text(endpointHost), port }, ['host', 'port']), 64, 1),
      },
      ['endpoints'],
    ),
  },
  ['metadata', 'spec'],
);
