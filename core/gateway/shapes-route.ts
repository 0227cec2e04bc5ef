import {
  dnsLabel,
  dnsSubdomain,
  duration,
  headerName,
  hostname,
  kindName,
  matchValue,
  optionalGroup,
  preciseHostname,
  queryName,
} from './formats.ts';
import { anything, choice, doc, flag, integer, list, object, type Shape, text } from './shape.ts';
import { head, headerModifier, localReference, metadata, port } from './shapes-common.ts';

export const FILTER_TYPES = [
  'RequestHeaderModifier',
  'ResponseHeaderModifier',
  'RequestMirror',
  'RequestRedirect',
  'URLRewrite',
  'ExtensionRef',
  'CORS',
  'ExternalAuth',
] as const;

export const HTTP_METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
] as const;

const parentRef = object(
  {
    group: doc('gateway.networking.k8s.io when left out.', text(optionalGroup)),
    kind: doc('Gateway, the default, or ListenerSet.', text(kindName)),
    namespace: doc('The namespace of the Gateway; this one when left out.', text(dnsLabel)),
    name: doc('The name of the Gateway.', text(dnsSubdomain)),
    sectionName: doc(
      'Attaches to the listener of this name only; every listener that allows it when left out.',
      text(dnsSubdomain),
    ),
    port: doc('Attaches to listeners on this port only.', port),
  },
  ['name'],
);

const backendReference: Record<string, Shape> = {
  group: doc(
    'The API group of the backend: empty, the default, for Service; holdfast.dev for Backend.',
    text(optionalGroup),
  ),
  kind: doc('Service, the default, or Backend.', text(kindName)),
  namespace: doc(
    'The namespace of the backend, this one when left out; another needs a ReferenceGrant.',
    text(dnsLabel),
  ),
  name: doc('The name of the backend.', text(dnsSubdomain)),
  port: doc('The port of the Service; needed for a Service.', port),
};

const pathModifier = object(
  {
    type: doc(
      'Which of the two follows: ReplaceFullPath or ReplacePrefixMatch.',
      choice('ReplaceFullPath', 'ReplacePrefixMatch'),
    ),
    replaceFullPath: doc('The whole path becomes this one.', text()),
    replacePrefixMatch: doc(
      'What the PathPrefix matched becomes this; the rest of the path stays.',
      text(),
    ),
  },
  ['type'],
);

const filter = object(
  {
    type: doc(
      'What the filter does; the field of the same name says how.',
      choice(...FILTER_TYPES),
    ),
    requestHeaderModifier: doc(
      'Changes headers of the request before it is sent to the backend.',
      headerModifier,
    ),
    responseHeaderModifier: doc(
      'Changes headers of the response before it goes to the client.',
      headerModifier,
    ),
    requestMirror: doc(
      'Sends a copy of requests to another backend, whose answers are ignored.',
      object(
        {
          backendRef: doc('The backend that gets the copies.', object(backendReference, ['name'])),
          percent: doc(
            'The share of requests that is copied, 0 to 100; all when left out.',
            integer(0, 100),
          ),
          fraction: doc(
            'The share as a fraction, in place of percent.',
            object(
              {
                numerator: doc('The upper part of the fraction.', integer(0, 1e9)),
                denominator: doc(
                  'The lower part of the fraction; 100 when left out.',
                  integer(1, 1e9),
                ),
              },
              ['numerator'],
            ),
          ),
        },
        ['backendRef'],
      ),
    ),
    requestRedirect: doc(
      'Answers with a redirect; no backend is asked.',
      object({
        scheme: doc('http or https; as in the request when left out.', choice('http', 'https')),
        hostname: doc(
          'The host of the new URL; that of the request when left out.',
          text(preciseHostname),
        ),
        path: doc('How the path changes; unchanged when left out.', pathModifier),
        port: doc(
          'The port of the new URL; that of the scheme or the listener when left out.',
          port,
        ),
        statusCode: doc(
          'The status of the redirect; 302 when left out.',
          choice(301, 302, 303, 307, 308),
        ),
      }),
    ),
    urlRewrite: doc(
      'Changes host or path before the request is sent to the backend.',
      object({
        hostname: doc('The host that the backend sees.', text(preciseHostname)),
        path: doc('How the path changes.', pathModifier),
      }),
    ),
    cors: doc(
      'Lets pages of other origins call this route from a browser.',
      object({
        allowOrigins: doc(
          'Origins that may call, such as https://shop.example.com, https://*.example.com or *.',
          list(text(), 64),
        ),
        allowCredentials: doc(
          'Whether cookies and credentials may be sent; false when left out.',
          flag,
        ),
        allowMethods: doc(
          'Methods that may be used; * for all.',
          list(choice(...HTTP_METHODS, '*'), 9),
        ),
        allowHeaders: doc(
          'Request headers that may be sent; * for all.',
          list(text(headerName), 64),
        ),
        exposeHeaders: doc(
          'Response headers that a page may read; * for all.',
          list(text(headerName), 64),
        ),
        maxAge: doc(
          'How long a browser keeps the answer to a preflight, in seconds; 5 when left out.',
          integer(1, 2_147_483_647),
        ),
      }),
    ),
    extensionRef: doc(
      'A filter of another API: a FeatureFlag of holdfast.dev gates the rule.',
      localReference,
    ),
    externalAuth: doc(
      'A service that says who may pass. Nodes do not know it and answer 500: attach an AuthPolicy instead.',
      anything,
    ),
  },
  ['type'],
);

const match = object({
  path: doc(
    'The path of the request; every path when left out.',
    object({
      type: doc(
        'PathPrefix, the default, goes by whole segments; Exact; RegularExpression matches the whole path.',
        choice('Exact', 'PathPrefix', 'RegularExpression'),
      ),
      value: doc('The path, beginning with a slash, or the pattern; / when left out.', text()),
    }),
  ),
  headers: doc(
    'Headers that the request must have; all of them.',
    list(
      object(
        {
          type: doc(
            'Exact, the default, or RegularExpression.',
            choice('Exact', 'RegularExpression'),
          ),
          name: doc('The name of the header, in any case.', text(headerName)),
          value: doc('The value that it must have, or the pattern.', text(matchValue)),
        },
        ['name', 'value'],
      ),
      16,
    ),
  ),
  queryParams: doc(
    'Query parameters that the request must have; all of them.',
    list(
      object(
        {
          type: doc(
            'Exact, the default, or RegularExpression.',
            choice('Exact', 'RegularExpression'),
          ),
          name: doc('The name of the parameter, exactly as written.', text(queryName)),
          value: doc('The value that it must have, or the pattern.', text(matchValue)),
        },
        ['name', 'value'],
      ),
      16,
    ),
  ),
  method: doc('The method of the request; any when left out.', choice(...HTTP_METHODS)),
});

const rule = object({
  name: doc(
    'The name of the rule, once in a route; policies can refer to it as sectionName.',
    text(dnsSubdomain),
  ),
  matches: doc(
    'Which requests the rule takes: any one of these. All requests when left out.',
    list(match, 64),
  ),
  filters: doc('What is done to the request and its response.', list(filter, 16)),
  backendRefs: doc(
    'Where requests are sent, in proportion to the weights; 500 without any, unless a filter redirects.',
    list(
      object(
        {
          ...backendReference,
          weight: doc(
            'The share of requests relative to the other backends; 1 when left out, 0 for none.',
            integer(0, 1_000_000),
          ),
          filters: doc('Filters for the requests that this backend gets.', list(filter, 16)),
        },
        ['name'],
      ),
      16,
    ),
  ),
  timeouts: doc(
    'How long requests may take.',
    object({
      request: doc(
        'From the request to the whole response, retries included, such as 10s; 504 after it. 0s switches it off.',
        text(duration),
      ),
      backendRequest: doc(
        'For one attempt at a backend, such as 2s; at most `request`.',
        text(duration),
      ),
    }),
  ),
  retry: doc(
    'When a request to a backend is tried again.',
    object({
      codes: doc(
        'Statuses of the backend that are tried again, 400 to 599.',
        list(integer(400, 599), 64),
      ),
      attempts: doc('How often it is tried again at most.', integer(0, 1_000)),
      backoff: doc(
        'How long to wait before trying again, at least, such as 100ms.',
        text(duration),
      ),
    }),
  ),
  sessionPersistence: doc(
    'Keeps the requests of a session on one backend; kept, without effect here.',
    anything,
  ),
});

export const httpRouteShape: Shape = object(
  {
    ...head,
    metadata: metadata('namespaced'),
    spec: doc(
      'Which requests are sent where.',
      object({
        parentRefs: doc('The Gateways that the route attaches to, up to 32.', list(parentRef, 32)),
        useDefaultGateways: doc(
          'Attaches to the default Gateways of this scope: All or None; None when left out.',
          text(),
        ),
        hostnames: doc(
          'The hosts that the route answers for, such as shop.example.com or *.example.com; those of the listeners when left out.',
          list(text(hostname), 16),
        ),
        rules: doc(
          'The rules, 1 to 16. The most specific match wins, then the first.',
          list(rule, 16, 1),
        ),
      }),
    ),
  },
  ['metadata', 'spec'],
);
