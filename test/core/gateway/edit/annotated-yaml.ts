import fc from 'fast-check';
import { type Json, pointerTo } from '../../../../core/gateway/json.ts';

/** A comment of a generated text, and what it says something about. */
export interface Note {
  readonly mark: string;
  /** Pointer of the value that it stands at, or within. */
  readonly owner: string;
  /** Within a map, list or block scalar, but about none of its members: gone when that is replaced. */
  readonly isInside: boolean;
}

export interface AnnotatedYaml {
  readonly source: string;
  readonly value: Json;
  readonly notes: readonly Note[];
  /** Of each line of the source, the pointers of what stands on it. */
  readonly owners: readonly (readonly string[])[];
  readonly hasAlias: boolean;
}

/** Draws small numbers from what chance gave; zeros when that is used up. */
class Tape {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(limit: number): number {
    const number = this.#numbers[this.#at] ?? 0;
    this.#at += 1;
    return number % limit;
  }

  oneIn(limit: number): boolean {
    return this.below(limit) === limit - 1;
  }
}

type Tree =
  | { readonly kind: 'scalar'; readonly text: string; readonly value: Json }
  | { readonly kind: 'block'; readonly header: string; readonly lines: readonly string[] }
  | { readonly kind: 'map'; readonly isFlow: boolean; readonly members: [string, Tree][] }
  | { readonly kind: 'list'; readonly isFlow: boolean; readonly items: Tree[] };

const KEYS = ['name', 'port', 'path', 'value', 'x y', 'on', '*', 'a/b', 'te~st', '1'];

class Writer {
  readonly #tape: Tape;
  readonly #lines: string[] = [];
  readonly #owners: string[][] = [[]];
  readonly notes: Note[] = [];
  readonly #listIndent: number;
  readonly #indent: number;
  #line = '';
  #count = 0;
  #anchors: { name: string; value: Json }[] = [];
  hasAlias = false;

  constructor(tape: Tape) {
    this.#tape = tape;
    this.#indent = 2 + tape.below(3);
    this.#listIndent = tape.oneIn(3) ? 0 : this.#indent;
  }

  get lines(): string[] {
    return [...this.#lines, this.#line];
  }

  get owners(): string[][] {
    return this.#owners;
  }

  put(text: string, owner: string): void {
    this.#line += text;
    this.#owners.at(-1)?.push(owner);
  }

  feed(): void {
    this.#lines.push(this.#line);
    this.#owners.push([]);
    this.#line = '';
  }

  note(owner: string, isInside = false): void {
    const mark = `# note ${this.notes.length};`;
    this.notes.push({ mark, owner, isInside });
    this.put(mark, owner);
  }

  /** Behind something on its line, now and then. */
  tail(owner: string, isInside = false): void {
    if (!this.#tape.oneIn(3)) {
      if (this.#tape.oneIn(8)) this.#line += ' ';
      return;
    }
    this.#line += this.#tape.oneIn(3) ? '\t' : '  ';
    this.note(owner, isInside);
  }

  tree(depth: number, isFlow: boolean): Tree {
    const choice = this.#tape.below(depth === 0 ? 4 : 8);
    if (choice < 4) return this.#scalar(isFlow);
    const flow = isFlow || this.#tape.oneIn(4);
    const size = this.#tape.oneIn(6) ? 0 : 1 + this.#tape.below(3);
    if (choice < 6) {
      const items = Array.from({ length: size }, () => this.tree(depth - 1, flow));
      return { kind: 'list', isFlow: flow || size === 0, items };
    }
    return this.map(depth - 1, flow, size);
  }

  map(depth: number, isFlow: boolean, size: number): Tree {
    const first = this.#tape.below(KEYS.length);
    const members = Array.from({ length: size }, (_, at): [string, Tree] => [
      KEYS[(first + at) % KEYS.length] ?? '',
      this.tree(depth, isFlow),
    ]);
    return { kind: 'map', isFlow: isFlow || size === 0, members };
  }

  #scalar(isFlow: boolean): Tree {
    this.#count += 1;
    const word = `v${this.#count}`;
    switch (this.#tape.below(isFlow ? 8 : 11)) {
      case 1:
        return { kind: 'scalar', text: `"${word} # x"`, value: `${word} # x` };
      case 2:
        return { kind: 'scalar', text: `'${word}, it''s'`, value: `${word}, it's` };
      case 3:
        return { kind: 'scalar', text: String(1000 + this.#count), value: 1000 + this.#count };
      case 4:
        this.#anchors.push({ name: word, value: word });
        return { kind: 'scalar', text: `&${word} ${word}`, value: word };
      case 5: {
        const anchor = this.#anchors.at(0);
        if (anchor === undefined) break;
        this.hasAlias = true;
        return { kind: 'scalar', text: `*${anchor.name} `, value: anchor.value };
      }
      case 6:
        return { kind: 'scalar', text: '', value: null };
      case 8:
        return { kind: 'block', header: '|', lines: [word, '', ` # no comment of ${word}`] };
      case 9:
        return { kind: 'block', header: '>-', lines: [word, 'folded'] };
      case 10:
        return { kind: 'block', header: '|+', lines: [word, ''] };
    }
    return { kind: 'scalar', text: word, value: word };
  }

  block(tree: Tree, column: number, owner: string, isBehindHead: boolean): void {
    if (tree.kind === 'scalar' || tree.kind === 'block') return;
    const entries: [string | number, Tree][] =
      tree.kind === 'map' ? tree.members : tree.items.map((item, at) => [at, item]);
    entries.forEach(([step, value], at) => {
      const pointer = pointerTo(owner, step);
      if (!(isBehindHead && at === 0)) {
        this.#above(column, at === 0 && tree.kind === 'map' ? null : pointer, owner, at);
        this.#line += ' '.repeat(column);
      }
      if (tree.kind === 'map') {
        this.#key(String(step), pointer);
        this.#value(value, column, pointer, false);
      } else {
        this.put('-', pointer);
        this.#value(value, column, pointer, true);
      }
    });
  }

  #above(column: number, about: string | null, owner: string, at: number): void {
    if (at > 0 && this.#tape.oneIn(4)) this.feed();
    if (this.#tape.oneIn(10)) {
      this.#line += ' '.repeat(column);
      this.note(owner, true);
      this.feed();
      this.feed();
    }
    if (this.#tape.oneIn(4)) {
      this.#line += ' '.repeat(column);
      this.note(about ?? owner, about === null);
      this.feed();
    }
  }

  #key(key: string, pointer: string): void {
    const quote = this.#tape.below(6);
    const plain = key !== '*';
    if (quote === 1 || !plain) this.put(`"${key}":`, pointer);
    else if (quote === 2) this.put(`'${key}' :`, pointer);
    else this.put(`${key}:`, pointer);
  }

  #value(tree: Tree, column: number, pointer: string, isItem: boolean): void {
    if (tree.kind === 'scalar') {
      this.put(tree.text === '' ? '' : ` ${tree.text}`, pointer);
      this.tail(pointer);
      this.feed();
    } else if (tree.kind === 'block') {
      this.put(` ${tree.header}`, pointer);
      // What keeps line feeds reads otherwise where empty lines follow: it may be written anew.
      if (tree.header !== '|+') this.tail(pointer, true);
      this.feed();
      for (const line of tree.lines) {
        this.put(line === '' ? '' : ' '.repeat(column + this.#indent) + line, pointer);
        this.feed();
      }
    } else if (tree.isFlow) {
      this.#line += ' ';
      this.flow(tree, column, pointer);
      this.tail(pointer);
      this.feed();
    } else if (isItem && this.#tape.below(4) < 3) {
      const gap = this.#tape.oneIn(5) ? 3 : 1;
      this.#line += ' '.repeat(gap);
      this.block(tree, column + 1 + gap, pointer, true);
    } else {
      this.tail(pointer);
      this.feed();
      const columns = tree.kind === 'list' && !isItem ? this.#listIndent : this.#indent;
      this.block(tree, column + columns, pointer, false);
    }
  }

  flow(tree: Tree, column: number, owner: string): void {
    if (tree.kind === 'scalar') {
      this.put(tree.text, owner);
      return;
    }
    if (tree.kind === 'block') return;
    const entries: [string | number, Tree][] =
      tree.kind === 'map' ? tree.members : tree.items.map((item, at) => [at, item]);
    const inRows = entries.length > 0 && this.#tape.oneIn(3);
    const inner = column + this.#indent;
    this.put(tree.kind === 'map' ? '{' : '[', owner);
    if (inRows) {
      this.tail(owner, true);
      this.feed();
    }
    const lastComma = this.#tape.oneIn(3);
    entries.forEach(([step, value], at) => {
      const pointer = pointerTo(owner, step);
      if (inRows && this.#tape.oneIn(4)) {
        this.#line += ' '.repeat(inner);
        this.note(pointer);
        this.feed();
      }
      this.#line += inRows ? ' '.repeat(inner) : at > 0 ? ' ' : '';
      if (tree.kind === 'map') this.put(`"${step}": `, pointer);
      if (tree.kind === 'list' && value.kind === 'scalar' && value.text === '')
        this.put('~', pointer);
      this.flow(value, inner, pointer);
      if (at < entries.length - 1 || lastComma) this.#line += ',';
      if (inRows) {
        this.tail(pointer);
        this.feed();
      }
    });
    if (inRows) this.#line += ' '.repeat(column + 1);
    this.put(tree.kind === 'map' ? '}' : ']', owner);
  }
}

function jsonOf(tree: Tree): Json {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'block':
      if (tree.header === '>-') return tree.lines.join(' ');
      return `${tree.lines.join('\n')}\n`;
    case 'map':
      return Object.fromEntries(tree.members.map(([key, value]) => [key, jsonOf(value)]));
    case 'list':
      return tree.items.map(jsonOf);
  }
}

function writeTape(numbers: readonly number[]): AnnotatedYaml {
  const tape = new Tape(numbers);
  const writer = new Writer(tape);
  const isMarked = tape.oneIn(5);
  const isEnded = tape.oneIn(6);
  const mark = tape.oneIn(8) ? '\ufeff' : '';
  const lineBreak = tape.oneIn(4) ? '\r\n' : '\n';
  const hasLastFeed = !tape.oneIn(6);
  if (tape.oneIn(3)) {
    writer.note('', true);
    writer.feed();
  }
  if (isMarked) {
    writer.put('---', '');
    writer.tail('', true);
    writer.feed();
  }
  const tree = writer.map(3, false, 2 + tape.below(3));
  const extra: [string, Tree][] = [['kind', { kind: 'scalar', text: 'Route', value: 'Route' }]];
  const root: Tree = tree.kind === 'map' ? { ...tree, members: [...extra, ...tree.members] } : tree;
  writer.block(root, 0, '', false);
  if (tape.oneIn(4)) {
    writer.note('', true);
    writer.feed();
  }
  if (isEnded) {
    writer.put('...', '');
    writer.feed();
  }
  let source = mark + writer.lines.join(lineBreak);
  if (!hasLastFeed && !/\|\+/.test(source)) source = source.replace(/(\r?\n)+$/, '');
  return {
    source,
    value: jsonOf(root),
    notes: writer.notes,
    owners: writer.owners,
    hasAlias: writer.hasAlias,
  };
}

/** Texts in many styles, with comments in every place of which it is known what they are about. */
export const annotated: fc.Arbitrary<AnnotatedYaml> = fc
  .array(fc.nat(839), { minLength: 40, maxLength: 260, size: 'max' })
  .map(writeTape);
