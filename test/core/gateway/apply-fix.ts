import assert from 'node:assert/strict';
import { editDocument } from '../../../core/gateway/edit/edit-document.ts';
import type { EditOp } from '../../../core/gateway/edit/edit-op.ts';
import { applyTextEdits } from '../../../core/gateway/edit/text-edits.ts';
import {
  joinDocuments,
  type ParsedConfig,
  parseConfig,
} from '../../../core/gateway/parse-config.ts';
import type { Problem } from '../../../core/gateway/problem.ts';

/** The document's text with the edits of a fix, by the engine that the workbench uses. */
function editedSource(source: string, ops: readonly EditOp[]): string {
  const edits = editDocument(source, ops);
  assert.ok(edits.ok, edits.ok ? '' : JSON.stringify(edits.error));
  return applyTextEdits(source, edits.value);
}

/** The config as it is with the problem's fix taken. */
export function withFix({ documents }: ParsedConfig, problem: Problem): ParsedConfig {
  const fix = problem.fix ?? assert.fail(`${problem.code} has no fix`);
  assert.ok(fix.ops.length > 0 !== (fix.addDocument !== null), 'either edits or a document');
  const sources = documents.map(({ key, source }) =>
    key === problem.resource ? editedSource(source, fix.ops) : source,
  );
  if (fix.addDocument !== null) sources.push(fix.addDocument);
  return parseConfig(joinDocuments(sources));
}

/** Asserts that the fix removes its problem and brings no other. */
export function checkFix(config: ParsedConfig, problem: Problem): ParsedConfig {
  const title = problem.fix?.title ?? '';
  assert.match(title, /^[A-Z]/);
  assert.ok(title.length <= 90 && !/[.!]$/.test(title), title);
  const after = withFix(config, problem);
  const before = config.problems.map(({ code }) => code);
  const left = after.problems.map(({ code }) => code);
  assert.ok(left.length < before.length, `${problem.code}: ${before} → ${left}: ${title}`);
  for (const code of left) assert.ok(before.includes(code), `${problem.code} brings ${code}`);
  return after;
}
