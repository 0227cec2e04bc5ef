import { type CompiledGateway, compileGateway } from '../../../../core/gateway/compile.ts';
import { type ParsedConfig, parseConfig } from '../../../../core/gateway/parse-config.ts';

/** A shop whose cart goes to two backends by weight, with a suite of requests. */
export function shopText({ v1 = 3, v2 = 1 } = {}): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: holdfast
  listeners:
    - {name: http, port: 80, protocol: HTTP}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  hostnames: [shop.example]
  rules:
    - matches: [{path: {type: PathPrefix, value: /cart}}]
      backendRefs:
        - {name: cart-v1, port: 80, weight: ${v1}}
        - {name: cart-v2, port: 80, weight: ${v2}}
    - matches: [{path: {type: PathPrefix, value: /old}}]
      filters:
        - type: RequestRedirect
          requestRedirect: {scheme: https, hostname: new.example, statusCode: 302}
---
apiVersion: v1
kind: Service
metadata: {name: cart-v1, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart-v2, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: holdfast.dev/v1alpha1
kind: RequestSuite
metadata: {name: smoke, namespace: shop}
spec:
  requests:
    - {name: cart, url: "http://shop.example/cart"}
    - {name: old, url: "http://shop.example/old", expect: {redirect: "https://new.example/old", status: 302}}
    - {name: nothing, method: POST, url: "http://shop.example/none", expect: {status: 404}}
    - {name: one-backend, url: "http://shop.example/cart/1", expect: {backend: shop/cart-v1}}
`;
}

export function compiled(parsed: ParsedConfig): CompiledGateway {
  return compileGateway(
    parsed.documents.flatMap(({ key, body, pushed }) =>
      body === null || !pushed ? [] : [{ key, body }],
    ),
  );
}

export function parsedShop(weights: { v1?: number; v2?: number } = {}): ParsedConfig {
  return parseConfig(shopText(weights));
}
