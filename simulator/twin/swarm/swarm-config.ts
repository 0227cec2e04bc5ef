import type { RandomStream } from '../../../core/ports/random.ts';

const SERVICES = 6;
const PORT_FIRST = 1_000;
const PORTS = 50_000;

/**
 * A small config that is another with nearly every draw: ports change, and services come and go, so
 * that deltas change, add and remove. One in eight asks for a feature that older agents lack.
 */
export function drawConfig(random: RandomStream): string {
  const documents = [GATEWAY, route(random.below(8) === 0)];
  for (let i = 0; i < SERVICES; i += 1) {
    // The first is what the route points to, so it is always there.
    if (i === 0 || random.below(4) > 0) documents.push(service(i, random.below(PORTS)));
  }
  return `${documents.join('\n---\n')}\n`;
}

const GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: holdfast
  listeners: [{name: http, port: 80, protocol: HTTP}]`;

function route(usesCors: boolean): string {
  const filters = usesCors
    ? '\n    filters: [{type: CORS, cors: {allowOrigins: ["https://shop.example.com"]}}]'
    : '';
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules:
  - backendRefs: [{name: service-0, port: 80}]${filters}`;
}

function service(index: number, port: number): string {
  return `apiVersion: v1
kind: Service
metadata: {name: service-${index}, namespace: shop}
spec:
  ports: [{name: http, port: 80, protocol: TCP}, {name: other, port: ${PORT_FIRST + port}, protocol: TCP}]`;
}
