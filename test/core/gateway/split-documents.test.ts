import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinSources, splitDocuments } from '../../../core/gateway/split-documents.ts';

function sources(text: string): string[] {
  return splitDocuments(text).map((document) => document.source);
}

test('[SPLIT1] a bare --- line separates documents and belongs to neither', () => {
  assert.deepEqual(splitDocuments('a: 1\n---\nb: 2\n'), [
    { source: 'a: 1\n', startLine: 1 },
    { source: 'b: 2\n', startLine: 3 },
  ]);
  assert.deepEqual(splitDocuments('a: 1\r\n---\r\nb: 2'), [
    { source: 'a: 1\r\n', startLine: 1 },
    { source: 'b: 2', startLine: 3 },
  ]);
});

test('[SPLIT2] comments and markers before a document belong to it, those at the end to the last', () => {
  assert.deepEqual(sources('---\na: 1\n'), ['---\na: 1\n']);
  assert.deepEqual(sources('# c\n---\na: 1\n'), ['# c\n---\na: 1\n']);
  assert.deepEqual(sources('a: 1\n---\n# c\n---\nb: 2\n'), ['a: 1\n', '# c\n---\nb: 2\n']);
  assert.deepEqual(sources('a: 1\n---\n'), ['a: 1\n']);
  assert.deepEqual(sources('a: 1\n---\n# end\n'), ['a: 1\n---\n# end\n']);
  assert.deepEqual(sources('# nothing\n---\n\n'), []);
  assert.deepEqual(sources(''), []);
});

test('[SPLIT3] directives, document ends and content behind --- are kept with their document', () => {
  assert.deepEqual(sources('%YAML 1.2\n---\na: 1\n'), ['%YAML 1.2\n---\na: 1\n']);
  assert.deepEqual(sources('a: 1\n...\nb: 2\n'), ['a: 1\n...\n', 'b: 2\n']);
  assert.deepEqual(sources('a: 1\n--- {b: 2}\n'), ['a: 1\n', '--- {b: 2}\n']);
  assert.deepEqual(sources('a: 1\n--- # c\nb: 2\n'), ['a: 1\n', '--- # c\nb: 2\n']);
  assert.deepEqual(sources('a: |\n  ---\n  x\n----\n'), ['a: |\n  ---\n  x\n----\n']);
});

test('[SPLIT4] joining sources gives a text that splits into the same sources', () => {
  const line = fc.constantFrom(
    'a: 1\n',
    '---\n',
    '---\r\n',
    '--- # c\n',
    '--- \n',
    '... x\n',
    '--- {x: 1}\n',
    '...\n',
    '# c\n',
    '%YAML 1.2\n',
    '\n',
    'b: 2\r\n',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, feed) => {
      const text = feed ? lines.join('') : lines.join('').replace(/\n$/, '');
      const split = sources(text);
      assert.deepEqual(sources(joinSources(split)), split);
    }),
    { numRuns: 2_000 },
  );
  assert.equal(joinSources(['a: 1', 'b: 2']), 'a: 1\n---\nb: 2');
});
