import { applyTextEdits } from '../../../../core/gateway/edit/text-edits.ts';
import type { Completion, CompletionNames } from '../../../../core/gateway/schema/completion.ts';
import { completionsAt } from '../../../../core/gateway/schema/completions-at.ts';

/** Where the cursor stands in a test's text. */
const CURSOR = '¦';

export interface Completed {
  readonly labels: readonly string[];
  readonly found: readonly Completion[];
  /** The text after taking a completion, with the cursor marked. */
  take(label: string): string;
}

/** Completions at the mark in a text. */
export function complete(marked: string, names?: CompletionNames): Completed {
  const offset = marked.indexOf(CURSOR);
  const source = marked.replace(CURSOR, '');
  const found = completionsAt(source, offset, names);
  return {
    labels: found.map((each) => each.label),
    found,
    take: (label) => {
      const taken = found.find((each) => each.label === label);
      if (taken === undefined) throw new Error(`${label} is not among the completions`);
      const { insert, cursor } = taken;
      const shown = insert.slice(0, cursor) + CURSOR + insert.slice(cursor);
      return applyTextEdits(source, [{ from: taken.from, to: taken.to, insert: shown }]);
    },
  };
}

export const NAMES: CompletionNames = {
  gateways: [
    {
      namespace: 'platform',
      name: 'public',
      listeners: [
        { name: 'http', port: 80 },
        { name: 'https', port: 443 },
      ],
    },
    { namespace: 'shop', name: 'inner', listeners: [{ name: 'only', port: 8080 }] },
  ],
  backends: [
    { kind: 'Service', namespace: 'shop', name: 'cart', ports: [8080] },
    { kind: 'Service', namespace: 'shop', name: 'web', ports: [80, 443] },
    { kind: 'Backend', namespace: 'shop', name: 'legacy', ports: [] },
    { kind: 'Service', namespace: 'checkout', name: 'pay', ports: [9000] },
  ],
  routes: [{ namespace: 'shop', name: 'checkout', rules: ['pay', 'cart'] }],
  flags: [{ namespace: 'shop', name: 'new-cart', summary: 'On for 25 %' }],
  namespaces: ['checkout', 'platform', 'shop'],
  cells: ['cell-a', 'cell-b'],
};

/** Begins a document of a kind in namespace shop. */
export function head(kind: string, apiVersion = 'gateway.networking.k8s.io/v1'): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: it\n  namespace: shop\n`;
}
