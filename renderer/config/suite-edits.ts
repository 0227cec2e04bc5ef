import { editDocument } from '../../core/gateway/edit/edit-document.ts';
import type { TextEdit } from '../../core/gateway/edit/edit-op.ts';
import { type Json, listAt, objectAt, stringAt } from '../../core/gateway/json.ts';
import { parseDocument } from '../../core/gateway/parse-document.ts';
import { freeName } from '../../core/gateway/schema/resource-skeletons.ts';
import type { ExplainedSide } from '../workers/config-worker-messages.ts';
import { documentPlaces, insertDocument } from './document-text.ts';

/** A request to be saved with the config. */
export interface SavedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: its outcome is only compared. */
  readonly expect: Json;
}

/**
 * Edits that add a request to the first suite of a text, or begin a suite with it. Null when the
 * suite cannot be edited as it stands.
 */
export function addToSuite(
  text: string,
  request: SavedRequest,
  namespace: string,
): readonly TextEdit[] | null {
  const places = documentPlaces(text);
  for (const place of places) {
    // Parsing every document would be felt; a suite says its kind in plain words.
    if (!place.source.includes('RequestSuite')) continue;
    const { known, body } = parseDocument(place.source);
    if (known !== 'RequestSuite' || body === null) continue;
    const requests = listAt(objectAt(body, 'spec'), 'requests');
    const value = entryOf(request, requests);
    const edits = editDocument(place.source, [
      { op: 'set', pointer: `/spec/requests/${requests.length}`, value },
    ]);
    if (!edits.ok) return null;
    return edits.value.map((edit) => ({
      ...edit,
      from: edit.from + place.from,
      to: edit.to + place.from,
    }));
  }
  const begun = editDocument(emptySuite(namespace), [
    { op: 'set', pointer: '/spec/requests', value: [entryOf(request, [])] },
  ]);
  if (!begun.ok) return null;
  return insertDocument(text, places, -1, applied(emptySuite(namespace), begun.value));
}

function emptySuite(namespace: string): string {
  return `apiVersion: holdfast.dev/v1alpha1\nkind: RequestSuite\nmetadata:\n  name: requests\n  namespace: ${namespace}\nspec:\n  requests: []\n`;
}

function applied(source: string, edits: readonly TextEdit[]): string {
  let text = source;
  for (const { from, to, insert } of [...edits].sort((a, b) => b.from - a.from)) {
    text = text.slice(0, from) + insert + text.slice(to);
  }
  return text;
}

function entryOf(request: SavedRequest, others: readonly Json[]): Json {
  const taken = new Set(others.flatMap((other) => stringAt(other, 'name') ?? []));
  const { method, url, headers, expect } = request;
  return {
    name: freeName(nameOf(url), taken),
    method,
    url,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(expect === null ? {} : { expect }),
  };
}

/** `checkout-pay` of `https://shop.example.com/checkout/pay?x=1`. */
function nameOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/[?#].*$/, '');
  const words = path.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.slice(0, 4).join('-') || 'home';
}

/** What the draft answers now, as an expectation; null when it is not one thing. */
export function expectationOf(side: ExplainedSide): Json {
  const [only, ...others] = side.shares;
  const outcome = only?.outcome ?? side.outcome;
  if (others.length > 0) return null;
  if (outcome.backend !== null) return { backend: outcome.backend.replace(/:\d+$/, '') };
  if (outcome.location !== null) return { redirect: outcome.location, status: outcome.status };
  return outcome.status === null ? null : { status: outcome.status };
}
