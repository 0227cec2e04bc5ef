import fc from 'fast-check';
import { stringify } from 'yaml';
import type { EditOp } from '../../../../core/gateway/edit/edit-op.ts';
import { type Json, type JsonObject, pointerTo } from '../../../../core/gateway/json.ts';

/** Texts that read back as something else when they are written carelessly. */
const AWKWARD = [
  'on',
  'yes',
  '123',
  '1e3',
  '0x1F',
  '1_000',
  'null',
  '~',
  '',
  ' a',
  'a ',
  'a: b',
  'a #b',
  '#',
  '- x',
  '*.example.com',
  '&a',
  '!x',
  '%',
  '@',
  '`',
  '"',
  "'",
  '{',
  '[a]',
  'a,b',
  'é',
  '\u0007',
  '\ufeff',
  'a\nb',
  'a\nb\n',
  'a\n\n\n',
  '\n',
  '  lead\nb',
  'tab\tin',
  'x\r\ny',
  '---',
  '...',
  '.5',
  '.inf',
  '2024-01-01',
  '12:30',
  '<<',
  '=',
  '?',
  ':',
  'key:',
  '-',
  '\u2028',
  '😀',
  'a: |\n  # not a comment\n',
  'true',
];

const key = fc.oneof(
  fc.constantFrom(
    'name',
    'spec',
    'rules',
    'matches',
    'port',
    'value',
    'a b',
    'on',
    '1',
    'x/y',
    'te~st',
    '',
    '*',
  ),
  fc.string({ maxLength: 4 }).filter((text) => !/\p{Surrogate}/u.test(text) && text !== '<<'),
);
const text = fc.oneof(
  fc.constantFrom('checkout', '/pay', 'example.com', '10s', 'PathPrefix'),
  fc.constantFrom(...AWKWARD),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const scalar: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.integer(),
  fc.constantFrom(0, 1.5, 1e-7, true, false, null),
);

export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json; map: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    tie('map'),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
  map: fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
})).value;

export const resource: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.dictionary(key, json, { maxKeys: 5, noNullPrototype: true }), json)
  .map(([spec, extra]) => ({
    kind: 'HTTPRoute',
    metadata: { name: 'x', labels: { a: 'b' } },
    spec,
    extra,
  }));

/** A text of the value in one of many ways to write it, with comments that say where they stood. */
export const written = (
  value: fc.Arbitrary<JsonObject>,
): fc.Arbitrary<{ source: string; value: JsonObject }> =>
  fc
    .record({
      value,
      indent: fc.constantFrom(2, 3, 4),
      indentSeq: fc.boolean(),
      quotes: fc.constantFrom(
        'PLAIN',
        'QUOTE_DOUBLE',
        'QUOTE_SINGLE',
        'BLOCK_LITERAL',
      ) as fc.Arbitrary<'PLAIN'>,
      flow: fc.boolean(),
      crlf: fc.boolean(),
      lastFeed: fc.boolean(),
      comments: fc.array(fc.nat(40), { maxLength: 4 }),
      blanks: fc.boolean(),
    })
    .map((style) => {
      const options = {
        indent: style.indent,
        indentSeq: style.indentSeq,
        lineWidth: 0,
        defaultStringType: style.quotes,
      };
      let source = stringify(style.value, {
        ...options,
        ...(style.flow ? { collectionStyle: 'flow' as const } : {}),
      });
      if (!style.flow) source = withComments(source, style.comments, style.blanks);
      if (style.crlf && !/[|>][-+]?[0-9]?\n/.test(source)) source = source.replaceAll('\n', '\r\n');
      if (!style.lastFeed && !/[|>]/.test(source)) source = source.replace(/\r?\n$/, '');
      return { source, value: style.value };
    });

/** Comments above lines that begin a key or an item, as deep as those. */
function withComments(source: string, places: readonly number[], blanks: boolean): string {
  if (/[|>][-+]?[0-9]?\n|"[^"\n]*\n/.test(source)) return source;
  const lines = source.split('\n');
  for (const [count, place] of places.entries()) {
    const at = place % lines.length;
    const line = lines[at] ?? '';
    if (!/^ *(- )?[a-z]+:/.test(line)) continue;
    const margin = ' '.repeat(line.length - line.trimStart().length);
    lines[at] = `${blanks ? '\n' : ''}${margin}# comment ${count}\n${line}`;
  }
  return lines.join('\n');
}

/** Every pointer of a value, with the value there. */
export function pointersOf(value: Json, pointer = ''): [string, Json][] {
  const out: [string, Json][] = [[pointer, value]];
  if (Array.isArray(value)) {
    value.forEach((item, at) => {
      out.push(...pointersOf(item as Json, pointerTo(pointer, at)));
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value))
      out.push(...pointersOf(member as Json, pointerTo(pointer, name)));
  }
  return out;
}

/** An operation that fits the value, by the numbers that chance gives. */
export function opFor(value: Json, kind: number, place: number, to: number, given: Json): EditOp {
  const all = pointersOf(value);
  const [pointer, at] = all[place % all.length] ?? ['', value];
  const lists = all.filter(([, each]) => Array.isArray(each) && each.length > 0);
  const [list, items] = lists[place % Math.max(1, lists.length)] ?? ['', []];
  const length = (items as readonly Json[]).length;
  switch (kind % 6) {
    case 0:
      return { op: 'set', pointer, value: given };
    case 1:
      return {
        op: 'set',
        pointer:
          typeof at === 'object' && at !== null && !Array.isArray(at)
            ? pointerTo(pointer, 'added')
            : pointer,
        value: given,
      };
    case 2:
      return pointer === ''
        ? { op: 'set', pointer: '/added', value: given }
        : { op: 'remove', pointer, prune: to % 2 === 0 };
    case 3:
      return length === 0
        ? { op: 'set', pointer, value: [given] }
        : { op: 'insert', pointer: pointerTo(list, to % (length + 1)), value: given };
    case 4:
      return length === 0
        ? { op: 'set', pointer, value: {} }
        : { op: 'move', pointer: pointerTo(list, place % length), to: to % length };
    default:
      return length === 0
        ? { op: 'set', pointer, value: null }
        : { op: 'remove', pointer: pointerTo(list, to % length) };
  }
}
