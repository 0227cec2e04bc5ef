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
import { head, labelSelector, metadata, port } from './shapes-common.ts';

const listener = object(
  {
    name: doc(
      'The name of the listener, once in a Gateway; routes refer to it as sectionName.',
      text(dnsSubdomain),
    ),
    hostname: doc(
      'Takes requests for this host only, such as shop.example.com or *.example.com; any host when left out.',
      text(hostname),
    ),
    port: doc('The port that it listens on, 1 to 65535.', port),
    protocol: doc(
      'HTTP or HTTPS; listeners of other protocols are kept and take no requests.',
      text(),
    ),
    tls: doc(
      'How TLS is ended; needed for HTTPS.',
      object({
        mode: doc(
          'Terminate, the default, ends TLS here; Passthrough leaves it to the backend.',
          choice('Terminate', 'Passthrough'),
        ),
        certificateRefs: doc(
          'The certificates that are shown to clients: references, never the keys themselves.',
          list(
            object(
              {
                group: doc(
                  'The API group of the certificate; empty when left out, which is that of Secret.',
                  text(optionalGroup),
                ),
                kind: doc('Secret when left out.', text(kindName)),
                name: doc('The name of the certificate.', text(dnsSubdomain)),
                namespace: doc(
                  'Its namespace, this one when left out; another needs a ReferenceGrant.',
                  text(dnsLabel),
                ),
              },
              ['name'],
            ),
            64,
          ),
        ),
        options: doc(
          'Settings of TLS that an implementation knows; kept, without effect here.',
          mapOf(text()),
        ),
        frontendValidation: doc(
          'How certificates of clients are checked; kept, without effect here.',
          anything,
        ),
      }),
    ),
    allowedRoutes: doc(
      'Which routes may attach; those of the same namespace when left out.',
      object({
        namespaces: doc(
          'The namespaces that routes may come from.',
          object({
            from: doc(
              'All, Selector, Same or None; Same when left out.',
              choice('All', 'Selector', 'Same', 'None'),
            ),
            selector: doc('For Selector: the labels of the namespaces.', labelSelector),
          }),
        ),
        kinds: doc(
          'The kinds of route that may attach; all that fit the protocol when left out.',
          list(
            object(
              {
                group: doc('gateway.networking.k8s.io when left out.', text(optionalGroup)),
                kind: doc('A kind of route, such as HTTPRoute.', text(kindName)),
              },
              ['kind'],
            ),
            8,
          ),
        ),
      }),
    ),
  },
  ['name', 'port', 'protocol'],
);

export const gatewayShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    spec: doc(
      'Where requests come in: one or more listeners.',
      object(
        {
          gatewayClassName: doc(
            'The class of gateways that this one belongs to.',
            text(dnsSubdomain),
          ),
          listeners: doc(
            'The ports and hosts that requests come in at, 1 to 64.',
            list(listener, 64, 1),
          ),
          addresses: doc(
            'Addresses that are asked for; any when left out.',
            list(
              object({
                type: doc('IPAddress or Hostname; IPAddress when left out.', text()),
                value: doc('The address.', text()),
              }),
              16,
            ),
          ),
          infrastructure: doc(
            'Labels and settings for what runs the Gateway; kept, without effect here.',
            anything,
          ),
          allowedListeners: doc(
            'From which namespaces ListenerSets may add listeners to this Gateway; none when left out.',
            object({
              namespaces: doc(
                'The namespaces that ListenerSets may come from.',
                object({
                  from: doc(
                    'All, Selector, Same or None.',
                    choice('All', 'Selector', 'Same', 'None'),
                  ),
                  selector: doc('For Selector: the labels of the namespaces.', labelSelector),
                }),
              ),
            }),
          ),
          tls: doc('TLS for the whole Gateway; kept, without effect here.', anything),
          defaultScope: doc(
            'Whether this is a default Gateway for routes: All or None; None when left out.',
            text(),
          ),
        },
        ['gatewayClassName', 'listeners'],
      ),
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
    spec: doc(
      'Lets resources of other namespaces refer to those of this one.',
      object(
        {
          from: doc(
            'Who may refer, 1 to 16 of them.',
            list(
              object(
                {
                  group: doc('The API group of those that refer.', text(optionalGroup)),
                  kind: doc('Their kind, such as HTTPRoute.', text(kindName)),
                  namespace: doc('Their namespace.', text(dnsLabel)),
                },
                ['group', 'kind', 'namespace'],
              ),
              16,
              1,
            ),
          ),
          to: doc(
            'What they may refer to in this namespace, 1 to 16.',
            list(
              object(
                {
                  group: doc(
                    'The API group of what is referred to; empty for Service.',
                    text(optionalGroup),
                  ),
                  kind: doc('Its kind, such as Service.', text(kindName)),
                  name: doc('Its name; all of the kind when left out.', text(dnsSubdomain)),
                },
                ['group', 'kind'],
              ),
              16,
              1,
            ),
          ),
        },
        ['from', 'to'],
      ),
    ),
  },
  ['metadata', 'spec'],
);

export const serviceShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    // A Service has many fields that routing has no use for.
    spec: doc(
      'The ports that routes can send requests to; all else is kept.',
      openObject({
        ports: doc(
          'The ports of the Service.',
          list(
            openObject(
              {
                name: doc('The name of the port, once in a Service.', text(dnsLabel)),
                protocol: doc('TCP when left out.', choice('TCP', 'UDP', 'SCTP')),
                appProtocol: doc(
                  'What is spoken on the port, such as http or kubernetes.io/h2c.',
                  text(),
                ),
                port: doc('The port that routes name, 1 to 65535.', port),
                targetPort: doc(
                  'The port of the pods, by number or name; the same as `port` when left out.',
                  { type: 'integer-or-text' },
                ),
                nodePort: doc(
                  'A port on each node of the cluster; without effect here.',
                  integer(0, 65_535),
                ),
              },
              ['port'],
            ),
            250,
          ),
        ),
      }),
    ),
  },
  ['metadata', 'spec'],
);

export const namespaceShape: Shape = object(
  {
    ...head,
    metadata: metadata('cluster'),
    spec: doc('Settings of the cluster; kept, without effect here.', anything),
  },
  ['metadata'],
);

export const backendShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    spec: doc(
      'Upstreams outside the cluster.',
      object(
        {
          endpoints: doc(
            'The hosts that requests are sent to, at most 64. None: requests are answered 503.',
            list(
              object(
                {
                  host: doc('A host name or an IP address.', text(endpointHost)),
                  port: doc('The port of the host, 1 to 65535.', port),
                },
                ['host', 'port'],
              ),
              64,
            ),
          ),
        },
        ['endpoints'],
      ),
    ),
  },
  ['metadata', 'spec'],
);
