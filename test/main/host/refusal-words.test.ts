import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedInWords } from '../../../main/host/refusal-words.ts';

function problem(line: number, severity: 'error' | 'warning') {
  return {
    line,
    column: 3,
    severity,
    code: 'unknown-field',
    message: 'Unknown field.',
    resource: null,
    pointer: '',
  } as const;
}

test('[HOST13] a refused publish is told by its file and errors, never by a code', () => {
  const refusal = { reason: 'invalid-config', detail: 'the config has 2 errors' } as const;
  const problems = [problem(2, 'error'), problem(5, 'warning'), problem(9, 'error')];
  const asked = { actor: 'ada', name: '/etc/shop/broken.yaml' };
  const { title, detail } = refusedInWords({ ...refusal, problems }, asked);
  assert.equal(title, 'broken.yaml refused: 2 errors');
  assert.equal(detail, 'Line 2: Unknown field. Line 9: Unknown field. Asked by ada.');
  const many = Array.from({ length: 8 }, (_, index) => problem(index + 1, 'error'));
  assert.match(refusedInWords({ ...refusal, problems: many }, asked).detail, /And 3 more\./);
  assert.equal(
    refusedInWords({ ...refusal, problems: [problem(2, 'error')] }, { actor: 'ada' }).title,
    'Publishing refused: 1 error',
  );
  const conflict = refusedInWords({ reason: 'conflict', detail: 'Moved.' }, { actor: 'ada' });
  assert.equal(conflict.title, 'Publishing refused: the head has moved on');
});
