import type { CompiledGateway } from '../../../core/gateway/compile.ts';
import { compileGateway } from '../../../core/gateway/compile.ts';
import { type ParsedConfig, parseConfig } from '../../../core/gateway/parse-config.ts';
import {
  type GatewayRequest,
  type RouteContext,
  type RouteOutcome,
  route,
} from '../../../core/gateway/route.ts';

/** Indents every line of a block, to put it into a document. */
export function indent(block: string, spaces: number): string {
  return block
    .split('\n')
    .map((line) => (line === '' ? line : ' '.repeat(spaces) + line))
    .join('\n');
}

export interface RouteParts {
  readonly name?: string;
  readonly namespace?: string;
  readonly parents?: string;
  readonly hostnames?: readonly string[];
  readonly created?: string;
  /** Flow or block YAML of `spec.rules`, beginning with `- `. */
  readonly rules: string;
}

export function routeYaml(parts: RouteParts): string {
  const { name = 'r', namespace = 'shop', parents = '- name: edge', hostnames = [] } = parts;
  const created = parts.created === undefined ? '' : `\n  creationTimestamp: "${parts.created}"`;
  const hosts = hostnames.length === 0 ? '' : `\n  hostnames: ${JSON.stringify(hostnames)}`;
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: ${name}
  namespace: ${namespace}${created}
spec:
  parentRefs:
${indent(parents, 4)}${hosts}
  rules:
${indent(parts.rules, 4)}
`;
}

export function gatewayYaml(listeners = '- {name: http, port: 80, protocol: HTTP}'): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: holdfast
  listeners:
${indent(listeners, 4)}
`;
}

export function serviceYaml(name: string, namespace = 'shop'): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {ports: [{port: 80}]}
`;
}

export function join(...documents: readonly string[]): string {
  return documents.join('---\n');
}

/** Problems as `code line`, sorted by line. */
export function codesOf(config: ParsedConfig): string[] {
  return config.problems.map((problem) => problem.code);
}

/** Codes of what is wrong with rules put into an otherwise right config. */
export function codesOfRules(rules: string): string[] {
  return codesOf(parseConfig(join(gatewayYaml(), serviceYaml('a'), routeYaml({ rules }))));
}

export function compileText(text: string): CompiledGateway {
  const { documents } = parseConfig(text);
  return compileGateway(
    documents.flatMap(({ key, body }) => (body === null ? [] : [{ key, body }])),
  );
}

/** A request for `/` of www.shop.example, unless it says otherwise. */
export function requestOf(request: Partial<GatewayRequest> = {}): GatewayRequest {
  return {
    method: 'GET',
    scheme: 'http',
    host: 'www.shop.example',
    port: 80,
    path: '/',
    headers: {},
    ...request,
  };
}

export function ask(
  gateway: CompiledGateway,
  request: Partial<GatewayRequest> = {},
  draw = 0,
  context?: RouteContext,
): RouteOutcome {
  return route(gateway, requestOf(request), draw, context);
}

/** Compiles one Gateway, Services a, b, c and one route with these rules. */
export function compileRules(rules: string, ...others: string[]): CompiledGateway {
  const services = ['a', 'b', 'c'].map((name) => serviceYaml(name));
  return compileText(join(gatewayYaml(), ...services, routeYaml({ rules }), ...others));
}

/** `ns/name`, `301 location` or `404 reason`: an outcome in a word. */
export function inWords(outcome: RouteOutcome): string {
  switch (outcome.kind) {
    case 'backend':
      return outcome.backend;
    case 'redirect':
      return `${outcome.status} ${outcome.location}`;
    case 'preflight':
      return `${outcome.status} preflight`;
    case 'error':
      return `${outcome.status} ${outcome.reason}`;
  }
}
