import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  pointerSteps,
  pointerTo,
} from '../../../../core/gateway/json.ts';
import { identityOf } from '../../../../core/gateway/kinds.ts';
import { parseConfig } from '../../../../core/gateway/parse-config.ts';
import { readYaml } from '../../../../core/gateway/read-yaml.ts';
import { completionsAt } from '../../../../core/gateway/schema/completions-at.ts';
import { hoverAt } from '../../../../core/gateway/schema/hover-at.ts';
import { schemaAtSteps } from '../../../../core/gateway/schema/schema-at.ts';
import { splitDocuments } from '../../../../core/gateway/split-documents.ts';
import { NAMES } from './complete.ts';

/** Texts with a cursor that a run tries. */
const CURSOR_CASES = 4_000;

const EXAMPLES = ['shop', 'broken'].map((name) =>
  readFileSync(new URL(`../../../../examples/${name}.yaml`, import.meta.url), 'utf8'),
);
const SOURCES = EXAMPLES.flatMap((text) => splitDocuments(text).map(({ source }) => source));

function pointersIn(value: Json, pointer: string): string[] {
  if (isJsonList(value)) {
    return value.flatMap((item, index) => pointersIn(item, pointerTo(pointer, index)));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const at = pointerTo(pointer, key);
    return [at, ...pointersIn(member, at)];
  });
}

/** Holds each key's card against the schema; returns how many there were. */
function explainAll(source: string, body: JsonObject): number {
  const kind = identityOf(body)?.kind ?? null;
  if (kind === null) return 0;
  const lines = source.split('\n');
  const { locate } = readYaml(source);
  let explained = 0;
  for (const pointer of pointersIn(body, '')) {
    const node = schemaAtSteps(kind, pointerSteps(pointer));
    if (node === null || node.doc === '') continue;
    const key = pointerSteps(pointer).at(-1) ?? '';
    const { line, column } = locate(pointer);
    const at = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, column - 1);
    // A scalar is located at itself, behind its key.
    const written = [`${key}:`, `"${key}":`];
    const isKey = written.some((text) => source.startsWith(text, at));
    const keyAt = isKey ? at : Math.max(...written.map((text) => source.lastIndexOf(text, at)));
    const hover = hoverAt(source, keyAt);
    assert.equal(hover?.title, key, `${pointer} in\n${source}`);
    assert.deepEqual(hover?.node, node);
    explained += 1;
  }
  return explained;
}

test('[SCHEMA10] every key of the examples is explained by what the schema says of its pointer', () => {
  let explained = 0;
  for (const { source, body } of parseConfig(EXAMPLES[0] ?? '').documents) {
    if (body === null) continue;
    explained += explainAll(source, body);
    explainAll(JSON.stringify(body, null, 2), body);
    explainAll(JSON.stringify(body).replaceAll('":', '": '), body);
  }
  assert.ok(explained > 500, String(explained));
});

test('[SCHEMA3] a field that is taken out of an example is offered in its place', () => {
  let offered = 0;
  for (const source of splitDocuments(EXAMPLES[0] ?? '').map((document) => document.source)) {
    for (const line of source.matchAll(/^( +)([a-zA-Z]+): \S.*$/gm)) {
      const [written, indent = '', key = ''] = line;
      const offset = line.index + indent.length;
      if (hoverAt(source, offset)?.title !== key) continue;
      const text = source.slice(0, offset) + source.slice(line.index + written.length);
      const labels = completionsAt(text, offset).map((found) => found.label);
      assert.ok(labels.includes(key), `${written} in\n${source}`);
      offered += 1;
    }
  }
  assert.ok(offered > 300, String(offered));
});

const fragments = fc.constantFrom(
  '',
  '\n',
  '  ',
  '- ',
  '-',
  ': ',
  ':',
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  "'",
  '#',
  ' #',
  '|',
  '>',
  '\t',
  '---\n',
  '...\n',
  '&a ',
  '*a',
  '!!str ',
  '? ',
  '\r\n',
  '\u0000',
  '\ud800',
  '<<: ',
  'name: ',
  '\n\n      ',
);

const edited = fc
  .record({
    source: fc.constantFrom(...SOURCES),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.integer({ min: 0, max: 40 }),
    insert: fc.array(fragments, { maxLength: 6 }).map((parts) => parts.join('')),
    cursor: fc.integer({ min: -60, max: 60 }),
  })
  .map(({ source, at, cut, insert, cursor }) => {
    const from = Math.floor(at * source.length);
    const text = source.slice(0, from) + insert + source.slice(from + cut);
    return { text, offset: Math.min(text.length, Math.max(0, from + cursor)) };
  });

function checkPlace(text: string, offset: number): void {
  for (const found of completionsAt(text, offset, NAMES)) {
    assert.ok(found.from <= offset && offset <= found.to, `${found.label} at ${offset}`);
    assert.ok(found.from >= 0 && found.to <= text.length);
    assert.ok(found.cursor >= 0 && found.cursor <= found.insert.length);
    assert.ok(!text.slice(found.from, found.to).includes('\n'));
  }
  const hover = hoverAt(text, offset);
  if (hover !== null) assert.ok(hover.from <= offset && offset <= hover.to);
}

test('[SCHEMA11] wherever the cursor stands in a text that was mangled, the answer lies around it', () => {
  fc.assert(
    fc.property(edited, ({ text, offset }) => checkPlace(text, offset)),
    { numRuns: CURSOR_CASES },
  );
});

test('[SCHEMA11] every offset of a text in every style has an answer', () => {
  const text = `${SOURCES.find((each) => each.includes('kind: HTTPRoute')) ?? ''}\nx: {a: [b, {c: "d`;
  for (let offset = 0; offset <= text.length; offset += 1) checkPlace(text, offset);
});

test('[SCHEMA12] deep and long text takes time in proportion, and is answered', () => {
  const nested = `spec: ${'[{a: '.repeat(20_000)}`;
  assert.deepEqual(completionsAt(nested, nested.length), []);
  const long = `apiVersion: v1\nkind: Service\nmetadata:\n${'  x: y\n'.repeat(100_000)}`;
  assert.ok(completionsAt(long, 40).length >= 0);
  const blank = `apiVersion: v1\n${' '.repeat(400_000)}`;
  assert.deepEqual(completionsAt(blank, blank.length), []);
});
