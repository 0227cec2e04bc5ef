import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  type Pair,
  type ParsedNode,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { isJsonList, isJsonObject, type Json, pointerSteps, pointerTo } from './json.ts';
import type { LocalProblem } from './problem.ts';

/** Nesting deeper than this is refused. */
export const YAML_DEPTH_MAX = 64;
/** Aliases in one document. */
export const YAML_ALIASES_MAX = 100;
/** Values in one document, counted after aliases are expanded. */
export const YAML_VALUES_MAX = 200_000;
/** Longest document, in characters; clusters take less. */
export const DOCUMENT_CHARS_MAX = 2 * 1024 * 1024;
/** Lexical tokens of one document: what parsing costs, which grows with them and not with length. */
export const DOCUMENT_TOKENS_MAX = 200_000;
/** Documents shorter than this cannot have too many tokens. */
const TOKENS_COUNTED_FROM_CHARS = 32 * 1024;
const TOO_LARGE = 'This document is too large to be read; split it.';
const TOO_DEEP = `Values may be nested ${YAML_DEPTH_MAX} levels deep, not deeper.`;
/** Syntax problems reported of one document; a broken one easily has thousands. */
const SYNTAX_PROBLEMS_MAX = 5;

/** Keys that could reach an object's prototype. */
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** One YAML document as JSON. Lines and columns count within the given source, from 1. */
export interface YamlReading {
  /** Undefined when the document could not be read. */
  readonly value: Json | undefined;
  readonly problems: readonly LocalProblem[];
  /** Where the value at a JSON pointer stands, or the nearest thing around it. */
  locate(pointer: string): { readonly line: number; readonly column: number };
  /** Of an offset into the source. */
  place(offset: number): { readonly line: number; readonly column: number };
  /** The plain scalar at a JSON pointer as it is written; undefined for anything else. */
  writtenAt(pointer: string): string | undefined;
}

/** Reads one document. Never throws, whatever the source. */
export function readYaml(source: string): YamlReading {
  try {
    if (isTooLarge(source)) return unreadable('document-too-large', TOO_LARGE);
    return readOrThrow(source);
  } catch (error) {
    // The parser recurses; a hostile document may exhaust the stack in more places than it guards.
    const detail = error instanceof Error ? error.message : 'unknown failure';
    return unreadable('yaml-unreadable', `This document cannot be read: ${detail.slice(0, 200)}.`);
  }
}

function unreadable(code: string, message: string): YamlReading {
  const start = { line: 1, column: 1 };
  const problem: LocalProblem = { severity: 'error', code, message, pointer: '', ...start };
  return {
    value: undefined,
    problems: [problem],
    locate: () => start,
    place: () => start,
    writtenAt: () => undefined,
  };
}

/** A hostile text of a megabyte can keep the parser busy for many seconds; lexing it is cheap. */
function isTooLarge(source: string): boolean {
  if (source.length < TOKENS_COUNTED_FROM_CHARS) return false;
  if (source.length > DOCUMENT_CHARS_MAX) return true;
  let tokens = 0;
  for (const _ of new Lexer().lex(source)) {
    tokens += 1;
    if (tokens > DOCUMENT_TOKENS_MAX) return true;
  }
  return false;
}

function readOrThrow(source: string): YamlReading {
  const document = parseDocument(source, {
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    // Checked while converting, in linear time.
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const place = placesOf(source);
  const problems: LocalProblem[] = [];
  for (const fault of [...document.errors, ...document.warnings].slice(0, SYNTAX_PROBLEMS_MAX)) {
    const code = fault.code === 'TAB_AS_INDENT' ? 'yaml-tab' : 'yaml-syntax';
    const message = syntaxMessage(fault.code, fault.message);
    problems.push({ severity: 'error', code, message, pointer: '', ...place(fault.pos[0]) });
  }
  const broken = problems.length > 0;
  const conversion = broken ? null : convertDocument(document.contents);
  for (const found of conversion?.problems ?? []) {
    const { offset, ...rest } = found;
    problems.push({ severity: 'error', ...rest, ...place(offset) });
  }
  return {
    value: conversion === null || conversion.problems.length > 0 ? undefined : conversion.value,
    problems,
    locate: (pointer) => place(nodeAt(document, pointer).offset),
    place,
    writtenAt: (pointer) => {
      const { node } = nodeAt(document, pointer);
      return isScalar(node) && node.type === 'PLAIN' ? node.source : undefined;
    },
  };
}

function syntaxMessage(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'Indent with spaces: YAML does not allow tabs here.';
  if (code === 'RESOURCE_EXHAUSTION') return 'This document is nested too deeply to be read.';
  // The parser quotes what it met, with its line breaks.
  const detail = message.replace(/\s+/g, ' ').slice(0, 200);
  return `This is not valid YAML: ${detail}.`;
}

/**
 * Line and column of an offset, from 1. The parser's own counter loses lines where it gave up on
 * the structure, and most documents are never asked for a place.
 */
function placesOf(source: string): (offset: number) => { line: number; column: number } {
  let starts: number[] | null = null;
  return (offset) => {
    starts ??= lineStartsOf(source);
    const at = Math.min(offset, source.length);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
  };
}

function lineStartsOf(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

interface Found {
  readonly code: string;
  readonly message: string;
  readonly pointer: string;
  readonly offset: number;
}

interface Conversion {
  readonly problems: Found[];
  readonly anchors: Map<string, ParsedNode>;
  /** Nodes being converted: an alias to one of them is a cycle. */
  readonly open: Set<ParsedNode>;
  /** Converted anchors, with the number of values in each. */
  readonly done: Map<ParsedNode, { readonly value: Json; readonly size: number }>;
  aliases: number;
  values: number;
}

function convertDocument(contents: Document.Parsed['contents']): {
  value: Json;
  problems: readonly Found[];
} {
  const state: Conversion = {
    problems: [],
    anchors: new Map(),
    open: new Set(),
    done: new Map(),
    aliases: 0,
    values: 0,
  };
  const value = contents === null ? null : convert(contents, '', 0, state);
  // An alias brings its value's depth along, which converting it once did not see.
  if (state.aliases > 0 && state.problems.length === 0 && isDeeperThan(value, YAML_DEPTH_MAX)) {
    const offset = contents?.range[0] ?? 0;
    state.problems.push({ code: 'too-deep', message: TOO_DEEP, pointer: '', offset });
  }
  return { value, problems: state.problems };
}

function isDeeperThan(value: Json, levels: number): boolean {
  if (isJsonList(value)) {
    return levels === 0 || value.some((item) => isDeeperThan(item, levels - 1));
  }
  if (!isJsonObject(value)) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}

function convert(node: ParsedNode, pointer: string, depth: number, state: Conversion): Json {
  if (state.problems.length > 0 && state.values > YAML_VALUES_MAX) return null;
  state.values += 1;
  const offset = node.range[0];
  const fault = (code: string, message: string): Json => {
    if (state.problems.length < SYNTAX_PROBLEMS_MAX) {
      state.problems.push({ code, message, pointer, offset });
    }
    return null;
  };
  if (depth >= YAML_DEPTH_MAX && !isScalar(node) && !isAlias(node))
    return fault('too-deep', TOO_DEEP);
  if (state.values > YAML_VALUES_MAX) {
    return fault('too-many-values', 'This document holds too many values; split it.');
  }
  if (isAlias(node)) return convertAlias(node.source, state, fault);
  const before = state.values;
  const anchored = node.anchor !== undefined;
  if (node.anchor !== undefined) state.anchors.set(node.anchor, node);
  if (anchored) state.open.add(node);
  const value = isScalar(node)
    ? convertScalar(node, fault)
    : isSeq(node)
      ? node.items.map((item, index) =>
          isNode(item)
            ? convert(item as ParsedNode, pointerTo(pointer, index), depth + 1, state)
            : null,
        )
      : convertMap(node as YAMLMap.Parsed, pointer, depth, state);
  if (anchored) {
    state.open.delete(node);
    state.done.set(node, { value, size: state.values - before + 1 });
  }
  return value;
}

function convertAlias(
  name: string,
  state: Conversion,
  fault: (code: string, message: string) => Json,
): Json {
  const target = state.anchors.get(name);
  if (target === undefined) {
    return fault('alias-unknown', `There is no anchor "${name}" before this alias.`);
  }
  if (state.open.has(target)) {
    return fault('alias-cycle', `The alias "${name}" stands inside the value that it names.`);
  }
  state.aliases += 1;
  if (state.aliases > YAML_ALIASES_MAX) {
    return fault('too-many-aliases', `A document may use ${YAML_ALIASES_MAX} aliases, not more.`);
  }
  const done = state.done.get(target);
  // What an alias expands to counts in full, so that nested aliases cannot grow without bound.
  state.values += done?.size ?? 1;
  if (state.values > YAML_VALUES_MAX) {
    return fault('too-many-values', 'The aliases of this document expand to too many values.');
  }
  return done?.value ?? null;
}

function convertScalar(node: Scalar, fault: (code: string, message: string) => Json): Json {
  const value = node.value;
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    return isWellFormed(value)
      ? value
      : fault('bad-text', 'This text holds half of a surrogate pair; remove the escape.');
  }
  if (typeof value !== 'number') return fault('bad-value', 'This value has no form in JSON.');
  if (!Number.isFinite(value)) return fault('bad-number', 'Infinity and NaN are not allowed.');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return fault('bad-number', 'This number is too large to be kept exactly; write it in quotes.');
  }
  return value === 0 ? 0 : value;
}

function convertMap(node: YAMLMap.Parsed, pointer: string, depth: number, state: Conversion): Json {
  const out: Record<string, Json> = {};
  const merged: Json[] = [];
  for (const item of node.items) {
    const key = keyOf(item);
    const offset = item.key?.range?.[0] ?? node.range[0];
    const fault = keyFault(key, out);
    if (key === null || fault !== null) {
      if (state.problems.length < SYNTAX_PROBLEMS_MAX && fault !== null) {
        state.problems.push({ ...fault, pointer, offset });
      }
      continue;
    }
    const at = pointerTo(pointer, key);
    const value = isNode(item.value)
      ? convert(item.value as ParsedNode, at, depth + 1, state)
      : null;
    if (key === '<<' && isPlain(item)) merged.push(value);
    else out[key] = value;
  }
  for (const value of merged) mergeInto(out, value);
  return out;
}

function keyFault(
  key: string | null,
  out: Readonly<Record<string, Json>>,
): { code: string; message: string } | null {
  if (key === null) return { code: 'bad-key', message: 'A key must be text.' };
  if (PROTOTYPE_KEYS.has(key)) {
    return { code: 'prototype-key', message: `"${key}" is not allowed as a key; rename it.` };
  }
  if (Object.hasOwn(out, key)) {
    return { code: 'duplicate-key', message: `The key "${key}" stands here twice; remove one.` };
  }
  if (!isWellFormed(key)) return { code: 'bad-text', message: 'This key is not valid text.' };
  return null;
}

/** YAML's merge key: what is written out wins over what is merged in. */
function mergeInto(out: Record<string, Json>, value: Json): void {
  for (const part of isJsonList(value) ? value : [value]) {
    if (!isJsonObject(part)) continue;
    for (const key of Object.keys(part)) {
      const member = part[key];
      if (member !== undefined && !Object.hasOwn(out, key)) out[key] = member;
    }
  }
}

function keyOf(item: Pair): string | null {
  return isScalar(item.key) && typeof item.key.value === 'string' ? item.key.value : null;
}

function isPlain(item: Pair): boolean {
  return isScalar(item.key) && item.key.type === 'PLAIN';
}

/**
 * The value at a pointer, undefined when there is none, and its place: its own when it is a scalar,
 * else that of its key, or the nearest thing around it.
 */
function nodeAt(document: Document.Parsed, pointer: string): { node: unknown; offset: number } {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const step of pointerSteps(pointer)) {
    let key: unknown = null;
    let value: unknown = null;
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && keyOf(item) === step);
      if (pair === undefined) return { node: undefined, offset };
      key = pair.key;
      value = pair.value;
    } else if (isSeq(node)) value = node.items[Number(step)];
    else return { node: undefined, offset };
    const anchor = isScalar(value) || !isNode(key) ? value : key;
    if (isNode(anchor) && anchor.range) offset = anchor.range[0];
    node = value;
  }
  return { node, offset };
}

function isWellFormed(value: string): boolean {
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if (code < 0xd800 || code > 0xdfff) continue;
    const next = value.charCodeAt(i + 1);
    if (code > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
    i += 1;
  }
  return true;
}
