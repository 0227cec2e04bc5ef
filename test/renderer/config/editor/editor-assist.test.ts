import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { EditorState, Text } from '@codemirror/state';
import type { Problem } from '../../../../core/gateway/problem.ts';
import { NO_NAMES } from '../../../../core/gateway/schema/completion.ts';
import { hoverAt } from '../../../../core/gateway/schema/hover-at.ts';
import { yamlCompletions } from '../../../../renderer/config/editor/complete-yaml.ts';
import { documentWindow } from '../../../../renderer/config/editor/document-window.ts';
import { fixActions, fixNear } from '../../../../renderer/config/editor/fix-actions.ts';
import { cardRows } from '../../../../renderer/config/editor/hover-card.ts';

const CONFIG = `# first
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Service
metadata:
  name: cart
  
spec:
  ports:
    - port: 8080
      pro
---
`;

function windowAt(text: string, offset: number): string | undefined {
  return documentWindow(Text.of(text.split('\n')), offset)?.source;
}

async function listed(
  text: string,
  pos: number,
  isAsked: boolean,
): Promise<CompletionResult | null> {
  const state = EditorState.create({ doc: text });
  return await yamlCompletions(() => NO_NAMES)(new CompletionContext(state, pos, isAsked));
}

test('[UIEDIT1] only the document at the cursor is looked at', () => {
  assert.equal(windowAt(CONFIG, 0), CONFIG.slice(0, CONFIG.indexOf('\n---')));
  const service = windowAt(CONFIG, CONFIG.indexOf('cart')) ?? '';
  assert.ok(service.startsWith('apiVersion: v1\nkind: Service') && service.endsWith('pro'));
  assert.equal(windowAt(CONFIG, CONFIG.indexOf('---') + 1), undefined);
  assert.equal(windowAt(CONFIG, CONFIG.length), '');
  assert.equal(windowAt('', 0), '');
  assert.equal(windowAt('--- {a: 1}\n', 5), '--- {a: 1}\n');
  assert.equal(windowAt('x: y\n'.repeat(30_000), 5), undefined);
});

test('[UIEDIT2] a list comes up in its place, and over a blank line only when asked', async () => {
  const word = CONFIG.indexOf('pro\n') + 3;
  const found = await listed(CONFIG, word, false);
  assert.equal(found?.from, word - 3);
  assert.ok(found?.options.some((option) => option.label === 'protocol'));
  const blank = CONFIG.indexOf('cart\n  ') + 'cart\n  '.length;
  assert.equal(await listed(CONFIG, blank, false), null);
  assert.ok((await listed(CONFIG, blank, true))?.options.some(({ label }) => label === 'labels'));
  assert.equal(await listed(CONFIG, CONFIG.indexOf('# first') + 4, true), null);
});

test('[UIEDIT2] a word that is whole already is left alone', async () => {
  const text = 'apiVersion: v1\nkind: Service';
  assert.equal(await listed(text, text.length, false), null);
  assert.ok(await listed(text, text.length, true));
});

test('[UIEDIT3] a card has what may be written, what holds without, and the fields within', () => {
  const text = 'apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - protocol: TCP\n';
  const hover = hoverAt(text, text.indexOf('protocol'));
  assert.ok(hover !== null);
  assert.deepEqual(cardRows(hover), [
    ['One of', 'TCP, UDP, SCTP'],
    ['Default', 'TCP'],
  ]);
  const ports = hoverAt(text, text.indexOf('ports'));
  assert.ok(ports !== null);
  assert.deepEqual(cardRows(ports), [
    ['Fields', 'port, name, protocol, appProtocol, targetPort, nodePort'],
  ]);
});

const PROBLEM: Problem = {
  severity: 'error',
  code: 'not-a-choice',
  message: 'It is not.',
  pointer: '/kind',
  line: 1,
  column: 1,
  resource: null,
};
const FIX = { title: 'Change to "b"', ops: [], addDocument: null };

test('[UIEDIT4] a problem offers its fix, and one without a fix offers nothing', () => {
  const taken: Problem[] = [];
  const problem = { ...PROBLEM, fix: FIX };
  const [action, ...others] = fixActions(problem, (of) => taken.push(of));
  assert.equal(action?.name, FIX.title);
  assert.deepEqual(others, []);
  assert.deepEqual(
    fixActions(PROBLEM, () => taken.push(PROBLEM)),
    [],
  );
});

test('[UIEDIT4] the key takes the fix that is nearest to the cursor on its line', () => {
  const mark = (from: number, to: number, name: string): Diagnostic => {
    const actions = name === '' ? [] : [{ name, apply: () => undefined }];
    return { from, to, severity: 'error', message: 'x', actions };
  };
  const near = (cursor: number) => {
    const state = EditorState.create({
      doc: 'one two\nthree\nfour',
      selection: { anchor: cursor },
    });
    const marks = [
      mark(0, 3, 'first'),
      mark(4, 7, 'second'),
      mark(8, 13, ''),
      mark(14, 18, 'last'),
    ];
    return fixNear(state.update(setDiagnostics(state, marks)).state)?.action.name;
  };
  assert.equal(near(1), 'first');
  assert.equal(near(6), 'second');
  assert.equal(near(10), undefined);
  assert.equal(near(18), 'last');
});
