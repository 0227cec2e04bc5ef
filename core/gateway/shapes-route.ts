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
import { anything, choice, flag, integer, list, object, type Shape, text } from './shape.ts';
import { headerModifier, localReference, metadata, port } from './shapes-common.ts';

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
    group: text(optionalGroup),
    kind: text(kindName),
    namespace: text(dnsLabel),
    name: text(dnsSubdomain),
    sectionName: text(dnsSubdomain),
    port,
  },
  ['name'],
);

const backendReference: Record<string, Shape> = {
  group: text(optionalGroup),
  kind: text(kindName),
  namespace: text(dnsLabel),
  name: text(dnsSubdomain),
  port,
};

const pathModifier = object(
  {
    type: choice('ReplaceFullPath', 'ReplacePrefixMatch'),
    replaceFullPath: text(),
    replacePrefixMatch: text(),
  },
  ['type'],
);

const filter = object(
  {
    type: choice(...FILTER_TYPES),
    requestHeaderModifier: headerModifier,
    responseHeaderModifier: headerModifier,
    requestMirror: object(
      {
        backendRef: object(backendReference, ['name']),
        percent: integer(0, 100),
        fraction: object({ numerator: integer(0, 1e9), denominator: integer(1, 1e9) }, [
          'numerator',
        ]),
      },
      ['backendRef'],
    ),
    requestRedirect: object({
      scheme: choice('http', 'https'),
      hostname: text(preciseHostname),
      path: pathModifier,
      port,
      statusCode: choice(301, 302, 303, 307, 308),
    }),
    urlRewrite: object({ hostname: text(preciseHostname), path: pathModifier }),
    cors: object({
      allowOrigins: list(text(), 64),
      allowCredentials: flag,
      allowMethods: list(choice(...HTTP_METHODS, '*'), 9),
      allowHeaders: list(text(headerName), 64),
      exposeHeaders: list(text(headerName), 64),
      maxAge: integer(1, 2_147_483_647),
    }),
    extensionRef: localReference,
    externalAuth: anything,
  },
  ['type'],
);

const match = object({
  path: object({
    type: choice('Exact', 'PathPrefix', 'RegularExpression'),
    value: text(),
  }),
  headers: list(
    object(
      {
        type: choice('Exact', 'RegularExpression'),
        name: text(headerName),
        value: text(matchValue),
      },
      ['name', 'value'],
    ),
    16,
  ),
  queryParams: list(
    object(
      {
        type: choice('Exact', 'RegularExpression'),
        name: text(queryName),
        value: text(matchValue),
      },
      ['name', 'value'],
    ),
    16,
  ),
  method: choice(...HTTP_METHODS),
});

const rule = object({
  name: text(dnsSubdomain),
  matches: list(match, 64),
  filters: list(filter, 16),
  backendRefs: list(
    object({ ...backendReference, weight: integer(0, 1_000_000), filters: list(filter, 16) }, [
      'name',
    ]),
    16,
  ),
  timeouts: object({ request: text(duration), backendRequest: text(duration) }),
  retry: object({
    codes: list(integer(400, 599), 64),
    attempts: integer(0, 1_000),
    backoff: text(duration),
  }),
  sessionPersistence: anything,
});

export const httpRouteShape: Shape = object(
  {
    apiVersion: text(),
    kind: text(),
    metadata: metadata('namespaced'),
    spec: object({
      parentRefs: list(parentRef, 32),
      useDefaultGateways: text(),
      hostnames: list(text(hostname), 16),
      rules: list(rule, 16, 1),
    }),
    status: anything,
  },
  ['metadata', 'spec'],
);
