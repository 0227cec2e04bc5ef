import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../core/gateway/json.ts';
import { parseDocument } from '../../../../core/gateway/parse-document.ts';

/** The body of a text that must be readable. */
export function readYaml(source: string): JsonObject {
  const { body } = parseDocument(source);
  assert.ok(body !== null);
  return body;
}
