import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ROOT } from './pick-node.mjs';

// Reporter of node:test: one line a file, failures in full, and the counts in a file for the
// launcher, so that it need not read them back out of prose.

/** A failed test's own words, cut where they stop helping. */
const FAILURE_CHARS_MAX = 4_000;

/** @param {AsyncIterable<{ type: string, data: any }>} source */
export default async function* report(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  /** @type {Map<string, { passed: number, failed: number, said: string }>} */
  const files = new Map();
  for await (const { type, data } of source) {
    if (type === 'test:pass' || type === 'test:fail') {
      // A suite is no test, and neither is a file that holds some: a file that broke is a failure.
      const isFile = data.file !== undefined && data.name === data.file;
      if (data.details?.type === 'suite' || (isFile && type === 'test:pass')) continue;
      const file = fileOf(files, data.file ?? data.name);
      if (data.skip !== undefined || data.todo !== undefined) {
        counts.skipped += 1;
      } else if (type === 'test:pass') {
        counts.passed += 1;
        file.passed += 1;
      } else if (!isSubtestsFailed(data)) {
        counts.failed += 1;
        file.failed += 1;
        yield failureOf(data);
        if (isFile) yield `  ${file.said.replaceAll('\n', '\n  ')}\n`;
      }
    } else if (type === 'test:summary' && data.file !== undefined) {
      const file = fileOf(files, data.file);
      const seconds = (data.duration_ms / 1_000).toFixed(1);
      const verdict = file.failed > 0 || !data.success ? 'FAILED' : 'ok';
      yield `${verdict.padEnd(6)} ${shorten(data.file)}  ${file.passed} passed, ${file.failed} failed, ${seconds} s\n`;
      if (!data.success && file.failed === 0) counts.failed += 1;
    } else if (type === 'test:stderr' || type === 'test:stdout') {
      if (process.env.HOLDFAST_TEST_VERBOSE === '1') yield data.message;
      // Shown only when the file broke: then nothing else says why.
      const file = fileOf(files, data.file);
      file.said = `${file.said}${data.message}`.slice(-FAILURE_CHARS_MAX);
    }
  }
  const results = process.env.HOLDFAST_TEST_RESULTS;
  if (results !== undefined) writeFileSync(results, JSON.stringify(counts));
}

function fileOf(files, path) {
  const known = files.get(path);
  if (known !== undefined) return known;
  const fresh = { passed: 0, failed: 0, said: '' };
  files.set(path, fresh);
  return fresh;
}

/** A parent that failed only because its children did: they are counted already. */
function isSubtestsFailed(data) {
  return data.details?.error?.failureType === 'subtestsFailed';
}

function failureOf(data) {
  const error = data.details?.error;
  const cause = error?.cause ?? error;
  const said = String(cause?.stack ?? cause?.message ?? cause ?? 'failed').slice(
    0,
    FAILURE_CHARS_MAX,
  );
  const at = data.line === undefined ? '' : `:${data.line}`;
  return `\n✗ ${data.name}\n  ${shorten(data.file ?? '')}${at}\n  ${said.replaceAll('\n', '\n  ')}\n\n`;
}

function shorten(path) {
  return relative(ROOT, path) || path;
}
