import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  childOf,
  childrenOf,
  lineOf,
  listCode,
  literalOf,
  parseSource,
  readSource,
  type SyntaxNode,
  walk,
} from './source-files.ts';

/** The store's online backup, and the interface of what a window or a browser does for the page. */
const PROMISE_ALLOWED = [
  'core/ports/store.ts',
  'core/config/memory-config-store.ts',
  'core/protocol/console-host.ts',
];

/** Names of the host that core/ may not touch, with what to use in their place. */
const BANNED_GLOBALS: Readonly<Record<string, string>> = {
  Date: 'ports/clock.ts',
  setTimeout: 'ports/scheduler.ts',
  setInterval: 'ports/scheduler.ts',
  setImmediate: 'ports/scheduler.ts',
  queueMicrotask: 'ports/scheduler.ts',
  performance: 'ports/clock.ts',
  crypto: 'lib/sha256.ts',
  Intl: 'code-unit order',
  console: 'an effect',
  process: 'a parameter',
  globalThis: 'a parameter',
  fetch: 'an effect',
  eval: 'nothing',
  WeakRef: 'nothing',
  FinalizationRegistry: 'nothing',
  Promise: 'an effect',
};
/** Results of these differ between engines, or are drawn from outside. */
const BANNED_MATH = [
  'random pow sqrt cbrt exp expm1 log log1p log2 log10 hypot fround',
  'sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh',
]
  .join(' ')
  .split(' ');

interface Rule {
  readonly id: string;
  readonly holds: string;
  /** What is wrong with a node, or null. */
  readonly judge: (node: SyntaxNode, parents: readonly SyntaxNode[], path: string) => string | null;
  /** Each must be found by this rule. */
  readonly planted: readonly string[];
  /** None may be. */
  readonly innocent: readonly string[];
}

const RULES: readonly Rule[] = [
  {
    id: 'PURE1',
    holds: 'core reads no clock, timer, environment or other global of its host',
    judge(node, parents, path) {
      const name = referenceOf(node, parents);
      if (name === null || !Object.hasOwn(BANNED_GLOBALS, name)) return null;
      if (name === 'Promise' && PROMISE_ALLOWED.includes(path)) return null;
      return `${name}: use ${BANNED_GLOBALS[name]}`;
    },
    planted: [
      'export const a = Date.now();',
      'export const a = new Date();',
      'setTimeout(() => 1, 5);',
      'export const a = { b: setInterval };',
      'console.log(1);',
      'export const a = process.env.HOME;',
      'export const a = globalThis.Date;',
      'export function a(): Promise<void> { return b; }',
      'export const a = new Intl.Collator();',
      'export const a = performance.now();',
    ],
    innocent: [
      'export const a = { Date: 1, process: 2 };',
      'export interface A { console: string; process(): void }',
      'export const a = b.process;',
      'export function a(process: string) { return process.length; }',
    ],
  },
  {
    id: 'PURE2',
    holds:
      'core computes with integers: no exponentiation, no transcendental function, no Math.random',
    judge(node) {
      const { operator } = node;
      if (operator === '**' || operator === '**=') return `${operator}: multiply, or shift`;
      if (node.type !== 'MemberExpression') return null;
      if (childOf(node, 'object')?.name !== 'Math') return null;
      const property = childOf(node, 'property');
      const name = node.computed === true ? literalOrNull(property) : property?.name;
      if (typeof name !== 'string') return 'Math[…]: name the function';
      return BANNED_MATH.includes(name) ? `Math.${name}: differs between engines` : null;
    },
    planted: [
      'export const a = b ** 2;',
      'let a = 2; a **= 3;',
      'export const a = Math.pow(2, 3);',
      'export const a = Math.random();',
      'export const a = Math.sqrt(2);',
      "export const a = Math['log'](2);",
      'export const a = Math[b](2);',
    ],
    innocent: ['export const a = Math.floor(b / 2) * 2 + Math.max(1, 2);', '/** a ** b */'],
  },
  {
    id: 'PURE3',
    holds: 'core is synchronous: no async function, no await',
    judge(node, _parents, path) {
      if (PROMISE_ALLOWED.includes(path)) return null;
      if (node.async === true) return 'async: return an effect';
      if (node.type === 'AwaitExpression') return 'await: return an effect';
      return node.type === 'ForOfStatement' && node.await === true ? 'for await' : null;
    },
    planted: [
      'export async function a() {}',
      'export const a = async () => 1;',
      'export const a = { async b() {} };',
      'export const a = await b;',
    ],
    innocent: ["export const a = 'async';", 'export const async_ = 1;'],
  },
  {
    id: 'PURE4',
    holds: 'core orders by code units: no locale, and no sort without a comparator',
    judge(node) {
      if (node.type !== 'CallExpression') return null;
      const callee = childOf(node, 'callee');
      if (callee?.type !== 'MemberExpression') return null;
      const name = childOf(callee, 'property')?.name;
      if (typeof name !== 'string') return null;
      if (name === 'localeCompare' || name.startsWith('toLocale')) return `.${name}()`;
      const sorts = name === 'sort' || name === 'toSorted';
      return sorts && childrenOf(node, 'arguments').length === 0 ? `.${name}() by default` : null;
    },
    planted: [
      'export const a = b.localeCompare(c);',
      'export const a = b.toLocaleString();',
      'export const a = b.toLocaleTimeString();',
      'export const a = b.sort();',
      'export const a = b?.c.toSorted();',
    ],
    innocent: [
      'export const a = b.sort((x, y) => x - y);',
      'export const a = b.toSorted(compare);',
    ],
  },
  {
    id: 'PURE5',
    holds: 'core builds no engine RegExp from a value: what people write runs in re2js',
    judge(node, parents) {
      if (referenceOf(node, parents) !== 'RegExp') return null;
      const parent = parents.at(-1);
      const builds = parent?.type === 'NewExpression' || parent?.type === 'CallExpression';
      if (!builds || childOf(parent, 'callee') !== node) return null;
      return 'RegExp(…): a literal, or re2js';
    },
    planted: [
      'export const a = new RegExp(b);',
      "export const a = RegExp(b, 'u');",
      "export const a = new RegExp('^' + b);",
    ],
    innocent: ['export const a = /^[a-z]+$/.test(b);', 'export const a = b instanceof RegExp;'],
  },
];

/** The name when the node reads a global of that name; null for properties, keys and locals. */
function referenceOf(node: SyntaxNode, parents: readonly SyntaxNode[]): string | null {
  if (node.type !== 'Identifier' || typeof node.name !== 'string') return null;
  const parent = parents.at(-1);
  if (parent === undefined) return null;
  const isMember = parent.type === 'MemberExpression' || parent.type === 'TSQualifiedName';
  if (isMember && parent.computed !== true && childOf(parent, 'object') !== node) {
    if (childOf(parent, 'left') !== node) return null;
  }
  if (childOf(parent, 'key') === node && parent.computed !== true && parent.shorthand !== true) {
    return null;
  }
  return isDeclaredLocally(node.name, parents) ? null : node.name;
}

/** Whether an enclosing function has a parameter of that name. */
function isDeclaredLocally(name: string, parents: readonly SyntaxNode[]): boolean {
  return parents.some((parent) =>
    childrenOf(parent, 'params').some((param) => {
      const target = childOf(param, 'left') ?? param;
      return target.name === name;
    }),
  );
}

function literalOrNull(node: SyntaxNode | null): string | null {
  return node !== null && node.type === 'Literal' ? literalOf(node) : null;
}

function findingsOf(rule: Rule, source: string, path: string): string[] {
  const findings: string[] = [];
  walk(parseSource(source, path), (node, parents) => {
    const wrong = rule.judge(node, parents, path);
    if (wrong !== null) findings.push(`${path}:${lineOf(source, node.start)}: ${wrong}`);
  });
  return findings;
}

describe('purity of core', () => {
  const files = listCode().filter((path) => path.startsWith('core/'));

  for (const rule of RULES) {
    it(`[${rule.id}] ${rule.holds}`, () => {
      assert.ok(files.length > 0);
      assert.deepEqual(
        files.flatMap((path) => findingsOf(rule, readSource(path), path)),
        [],
      );
    });

    it(`[${rule.id}] the rule finds what it forbids, and nothing else`, () => {
      for (const source of rule.planted) {
        assert.notEqual(findingsOf(rule, source, 'core/lib/planted.ts').length, 0, source);
      }
      for (const source of rule.innocent) {
        assert.deepEqual(findingsOf(rule, source, 'core/lib/planted.ts'), [], source);
      }
    });
  }
});
