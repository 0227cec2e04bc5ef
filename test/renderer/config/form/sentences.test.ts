import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../../core/gateway/json.ts';
import { filterSentence } from '../../../../renderer/config/form/filter-sentence.ts';
import {
  attachSentence,
  flagSentence,
  listenerSentence,
  retrySentence,
  timeoutsSentence,
} from '../../../../renderer/config/form/kind-sentence.ts';
import { matchSentence } from '../../../../renderer/config/form/match-sentence.ts';
import {
  parentSentence,
  referenceSentence,
  targetSentence,
} from '../../../../renderer/config/form/reference-sentence.ts';
import { plainWords, type Words } from '../../../../renderer/config/form/words.ts';

function reads(words: Words, sentence: string): void {
  assert.equal(plainWords(words), sentence);
}

test('[UIFORM1] a match reads as what it asks for, with exact names apart', () => {
  const match: Json = {
    path: { type: 'PathPrefix', value: '/checkout' },
    headers: [{ name: 'x-cart', value: 'v2' }],
    queryParams: [{ name: 'q', type: 'RegularExpression', value: 't.a' }],
    method: 'GET',
  };
  reads(
    matchSentence(match),
    'path starts with /checkout, method is GET, header x-cart: v2, parameter q matches t.a',
  );
  assert.deepEqual(matchSentence(match)[1], { code: '/checkout' });
  reads(matchSentence({ path: { type: 'Exact', value: '/a' } }), 'path is /a');
  reads(matchSentence({ path: { type: 'RegularExpression', value: '/a+' } }), 'path matches /a+');
  reads(matchSentence({}), 'any path');
  reads(matchSentence({ path: { value: '/' }, method: 'PUT' }), 'any path, method is PUT');
});

test('[UIFORM1] a filter reads as what it does', () => {
  const cases: readonly [Json, string][] = [
    [
      {
        type: 'URLRewrite',
        urlRewrite: {
          path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/v2' },
          hostname: 'a.b',
        },
      },
      'rewrite prefix to /v2, host to a.b',
    ],
    [
      {
        type: 'RequestRedirect',
        requestRedirect: { path: { type: 'ReplaceFullPath', replaceFullPath: '/status' } },
      },
      'redirect 302 to /status',
    ],
    [
      { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } },
      'redirect 301 to https',
    ],
    [
      {
        type: 'RequestRedirect',
        requestRedirect: {
          scheme: 'https',
          hostname: 'a.b',
          port: 8443,
          path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/x' },
        },
      },
      'redirect 302 to https://a.b:8443, prefix to /x',
    ],
    [{ type: 'RequestRedirect' }, 'redirect 302 to the same address'],
    [
      {
        type: 'RequestMirror',
        requestMirror: {
          backendRef: { name: 'b', port: 80 },
          fraction: { numerator: 1, denominator: 3 },
        },
      },
      'mirror 1 of 3 requests to b : 80',
    ],
    [
      { type: 'RequestMirror', requestMirror: { backendRef: { name: 'b' } } },
      'mirror all requests to b',
    ],
    [
      {
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: 'a', value: '1' }], remove: ['b'] },
      },
      'set request header a: 1, remove request header b',
    ],
    [
      { type: 'CORS', cors: { allowOrigins: ['https://a.b'], allowCredentials: true } },
      'allow pages of https://a.b, with credentials',
    ],
    [
      { type: 'ExtensionRef', extensionRef: { kind: 'FeatureFlag', name: 'new-cart' } },
      'only while flag new-cart is on',
    ],
    [{ type: 'Odd' }, 'filter of type Odd'],
    [null, 'a filter that states no type'],
  ];
  for (const [filter, sentence] of cases) reads(filterSentence(filter), sentence);
});

test('[UIFORM1] references, listeners, limits of time and flags read as sentences', () => {
  reads(
    referenceSentence({ namespace: 'billing', name: 'cart', port: 8080 }),
    'billing/cart : 8080',
  );
  reads(parentSentence({ name: 'public', sectionName: 'https' }), 'public / https');
  reads(parentSentence({ name: 'public' }), 'public, every listener');
  reads(
    targetSentence({ kind: 'HTTPRoute', name: 'checkout', sectionName: 'pay' }),
    'route checkout, rule pay',
  );
  reads(
    listenerSentence({ name: 'https', port: 443, protocol: 'HTTPS', hostname: '*.a.b' }),
    'https: HTTPS on port 443 for *.a.b',
  );
  reads(
    attachSentence({
      namespaces: { from: 'Selector', selector: { matchLabels: { edge: 'public' } } },
    }),
    'namespaces labelled edge: public',
  );
  reads(attachSentence(undefined), 'this namespace');
  reads(timeoutsSentence({ request: '2s', backendRequest: '800ms' }), '2s request, 800ms backend');
  reads(
    retrySentence({ attempts: 2, codes: [502, 503], backoff: '100ms' }),
    'up to 2 times on 502, 503, 100ms apart',
  );
  reads(
    flagSentence({ mode: 'Conditional', when: { percent: 25, cells: ['cell-a'] } }),
    'on for 25 % of requests, or in cell-a',
  );
  reads(flagSentence({ mode: 'Off' }), 'off for every request');
});
