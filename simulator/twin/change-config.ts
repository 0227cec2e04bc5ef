const PORTS = 17;
const PORT_FIRST = 10_000;
const PORTS_RANGE = 40_000;

/**
 * The config with one resource of the twin's own at its end, about 0.8 kB in canonical form, that is
 * another with each step: what a run publishes that is to publish regularly. Nothing refers to it.
 */
export function changeConfig(text: string, step: number): string {
  const ports = Array.from(
    { length: PORTS },
    (_, i) => `  - {name: p-${i}, port: ${portOf(step, i)}, protocol: TCP}`,
  );
  const document = [
    'apiVersion: v1',
    'kind: Service',
    'metadata: {name: twin-change, namespace: holdfast-twin}',
    'spec:',
    '  ports:',
    ...ports,
  ];
  return `${text.trimEnd()}\n---\n${document.join('\n')}\n`;
}

/** No two of one step are the same. */
function portOf(step: number, index: number): number {
  return PORT_FIRST + ((step * PORTS + index) % PORTS_RANGE);
}
