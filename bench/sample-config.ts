/**
 * The fixed workload's config: one Gateway, `routes` HTTPRoutes, and a Service for every 20 of them,
 * as the multi-document YAML that a person would publish. Each route is about 0.8 kB in canonical form.
 */
export function sampleConfigText(routes: number, changedRoute = -1, salt = 0): string {
  return configText(routes, (route) => (route === changedRoute ? salt : 0));
}

/** The same, with the first `changed` routes changed. */
export function manyChangedText(routes: number, changed: number, salt: number): string {
  return configText(routes, (route) => (route < changed ? salt : 0));
}

function configText(routes: number, saltOf: (route: number) => number): string {
  const services = Math.max(1, Math.ceil(routes / 20));
  const documents = [
    [
      'apiVersion: gateway.networking.k8s.io/v1',
      'kind: Gateway',
      'metadata: {name: public, namespace: bench}',
      'spec:',
      '  gatewayClassName: holdfast',
      '  listeners:',
      '  - {name: http, port: 80, protocol: HTTP}',
    ].join('\n'),
  ];
  for (let i = 0; i < services; i += 1) {
    documents.push(
      [
        'apiVersion: v1',
        'kind: Service',
        `metadata: {name: ${serviceName(i)}, namespace: bench}`,
        'spec: {ports: [{port: 8080}]}',
      ].join('\n'),
    );
  }
  for (let i = 0; i < routes; i += 1) {
    documents.push(routeText(i, services, saltOf(i)));
  }
  return `${documents.join('\n---\n')}\n`;
}

function serviceName(index: number): string {
  return `backend-${String(index).padStart(3, '0')}`;
}

function routeText(index: number, services: number, salt: number): string {
  const name = `route-${String(index).padStart(5, '0')}`;
  const rules: string[] = [];
  for (const part of ['list', 'item', 'edit']) {
    rules.push(
      '  - matches:',
      `    - path: {type: PathPrefix, value: /${name}/${part}}`,
      `      headers: [{name: x-edition, value: "${salt}"}]`,
      '    backendRefs:',
      `    - {name: ${serviceName(index % services)}, port: 8080, weight: 90}`,
      `    - {name: ${serviceName((index + 1) % services)}, port: 8080, weight: 10}`,
    );
  }
  return [
    'apiVersion: gateway.networking.k8s.io/v1',
    'kind: HTTPRoute',
    `metadata: {name: ${name}, namespace: bench}`,
    'spec:',
    '  parentRefs: [{name: public}]',
    `  hostnames: ["h${index % 50}.bench.example"]`,
    '  rules:',
    ...rules,
  ].join('\n');
}
