import type { Format } from './formats.ts';
import {
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  pointerInWords,
  pointerTo,
} from './json.ts';
import { nearestName } from './near-name.ts';
import type { Problem, ProblemFix } from './problem.ts';
import {
  asList,
  changeTo,
  type FixContext,
  type FixMaker,
  mendedText,
  nearestChoice,
  renameField,
  unquoted,
} from './problem-fix.ts';

/**
 * Says that something is wrong at a pointer. A message that costs something is given as a function:
 * it is asked for only when the problem is kept.
 */
export type Report = (
  severity: Problem['severity'],
  code: string,
  pointer: string,
  message: string | (() => string),
  fix?: FixMaker,
) => void;

/** What a field may hold. Null counts as absent everywhere, as it does in the API. */
export type Shape = {
  /** What the field is for, in a sentence or two: shown on hover and beside completions. */
  readonly doc?: string;
} & ShapeBody;

type ShapeBody =
  | { readonly type: 'text'; readonly format?: Format }
  | { readonly type: 'choice'; readonly values: readonly (string | number)[] }
  | { readonly type: 'integer'; readonly min: number; readonly max: number }
  | { readonly type: 'flag' }
  | { readonly type: 'anything' }
  | { readonly type: 'integer-or-text' }
  | { readonly type: 'map'; readonly key?: Format; readonly value: Shape }
  | { readonly type: 'list'; readonly item: Shape; readonly min: number; readonly max: number }
  | {
      readonly type: 'object';
      readonly fields: Readonly<Record<string, Shape>>;
      readonly required: readonly string[];
      /** Open objects take fields that are not listed without a warning. */
      readonly open: boolean;
    };

/** The same shape with a sentence that says what the field is for. */
export function doc(sentence: string, shape: Shape): Shape {
  return { ...shape, doc: sentence };
}

export const anything: Shape = { type: 'anything' };
export const flag: Shape = { type: 'flag' };

export function text(format?: Format): Shape {
  return format === undefined ? { type: 'text' } : { type: 'text', format };
}
export function choice(...values: readonly (string | number)[]): Shape {
  return { type: 'choice', values };
}
export function integer(min: number, max: number): Shape {
  return { type: 'integer', min, max };
}
export function list(item: Shape, max: number, min = 0): Shape {
  return { type: 'list', item, min, max };
}
export function mapOf(value: Shape, key?: Format): Shape {
  return key === undefined ? { type: 'map', value } : { type: 'map', value, key };
}
export function object(fields: Record<string, Shape>, required: readonly string[] = []): Shape {
  return { type: 'object', fields, required, open: false };
}
export function openObject(fields: Record<string, Shape>, required: readonly string[] = []): Shape {
  return { type: 'object', fields, required, open: true };
}

/** Reports everything about `value` that does not fit `shape`. */
export function checkShape(shape: Shape, value: Json, pointer: string, report: Report): void {
  switch (shape.type) {
    case 'anything':
      return;
    case 'text':
      checkText(shape.format, value, pointer, report);
      return;
    case 'flag':
      if (typeof value !== 'boolean') {
        wrongType('true or false', value, pointer, report, '', changed(unquoted('flag', value)));
      }
      return;
    case 'integer':
      checkInteger(shape, value, pointer, report);
      return;
    case 'integer-or-text':
      if (typeof value !== 'string' && !Number.isInteger(value)) {
        wrongType('a whole number or text', value, pointer, report);
      }
      return;
    case 'choice':
      checkChoice(shape.values, value, pointer, report);
      return;
    case 'map':
      checkMap(shape, value, pointer, report);
      return;
    case 'list':
      checkList(shape, value, pointer, report);
      return;
    case 'object':
      checkObject(shape, value, pointer, report);
      return;
  }
}

function checkText(format: Format | undefined, value: Json, pointer: string, report: Report): void {
  if (typeof value !== 'string') {
    const quoted = typeof value === 'number' || typeof value === 'boolean';
    const hint = quoted ? `; write "${value}" in quotes` : '';
    // Quotes alone do not mend what would still be no hostname, duration, or whatever it should be.
    const stillWrong = quoted ? (format?.wrong(String(value)) ?? null) : null;
    if (stillWrong !== null) {
      const message = `${pointerInWords(pointer)} ${stillWrong}; it is ${show(value)}.`;
      report('error', format?.code ?? 'wrong-type', pointer, message);
      return;
    }
    wrongType('text', value, pointer, report, hint, (at, { writtenAt }) =>
      quoted ? changeTo(at, writtenAt(at) ?? String(value)) : undefined,
    );
    return;
  }
  const wrong = format?.wrong(value) ?? null;
  if (wrong === null || format === undefined) return;
  report(
    'error',
    format.code,
    pointer,
    `${pointerInWords(pointer)} ${wrong}; it is ${show(value)}.`,
    () => {
      const mended = mendedText(format.code, value, (text) => format.wrong(text) === null);
      return mended === null ? undefined : changeTo(pointer, mended);
    },
  );
}

function checkInteger(
  shape: { readonly min: number; readonly max: number },
  value: Json,
  pointer: string,
  report: Report,
): void {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    const meant = unquoted('integer', value);
    const fits = typeof meant === 'number' && meant >= shape.min && meant <= shape.max;
    wrongType('a whole number', value, pointer, report, '', changed(fits ? meant : undefined));
  } else if (value < shape.min || value > shape.max) {
    report(
      'error',
      'out-of-range',
      pointer,
      `${pointerInWords(pointer)} must be between ${shape.min} and ${shape.max}; it is ${value}.`,
    );
  }
}

function checkChoice(
  values: readonly (string | number)[],
  value: Json,
  pointer: string,
  report: Report,
): void {
  if (values.some((allowed) => allowed === value)) return;
  const near = once(() => {
    const name = typeof value === 'string' ? nearestChoice(value, values.map(String)) : null;
    return values.find((allowed) => String(allowed) === name);
  });
  report(
    'error',
    'not-a-choice',
    pointer,
    () =>
      `${pointerInWords(pointer)} must be one of ${values.join(', ')}; it is ${show(value)}.${didYouMean(near())}`,
    () => {
      const meant = near();
      return meant === undefined ? undefined : changeTo(pointer, meant);
    },
  );
}

function didYouMean(name: string | number | null | undefined): string {
  return name === undefined || name === null ? '' : ` Did you mean "${name}"?`;
}

/** Message and fix ask for the same nearest name; it is looked for once, and only when kept. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function checkMap(
  shape: { readonly key?: Format; readonly value: Shape },
  value: Json,
  pointer: string,
  report: Report,
): void {
  if (!isJsonObject(value)) {
    wrongType('a map', value, pointer, report);
    return;
  }
  for (const key of Object.keys(value)) {
    const member = value[key];
    const at = pointerTo(pointer, key);
    const wrong = shape.key?.wrong(key) ?? null;
    if (wrong !== null) {
      report('error', shape.key?.code ?? 'bad-key', at, `${show(key)} ${wrong}.`);
    }
    if (member !== undefined && member !== null) checkShape(shape.value, member, at, report);
  }
}

function checkList(
  shape: { readonly item: Shape; readonly min: number; readonly max: number },
  value: Json,
  pointer: string,
  report: Report,
): void {
  if (!isJsonList(value)) {
    // One entry that was given without its list: the list of it is what was meant.
    wrongType('a list', value, pointer, report, '', changed(asList(value)));
    return;
  }
  if (value.length < shape.min || value.length > shape.max) {
    const bound =
      value.length < shape.min
        ? `must have at least ${shape.min} ${shape.min === 1 ? 'entry' : 'entries'}`
        : `must have at most ${shape.max} entries`;
    report(
      'error',
      'wrong-count',
      pointer,
      `${pointerInWords(pointer)} ${bound}; it has ${value.length}.`,
    );
  }
  value.slice(0, shape.max).forEach((item, index) => {
    checkShape(shape.item, item, pointerTo(pointer, index), report);
  });
}

function checkObject(
  shape: Extract<Shape, { type: 'object' }>,
  value: Json,
  pointer: string,
  report: Report,
): void {
  if (!isJsonObject(value)) {
    wrongType('a map', value, pointer, report);
    return;
  }
  for (const key of Object.keys(value)) {
    const member = value[key];
    const field = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    const at = pointerTo(pointer, key);
    if (field === undefined) {
      if (!shape.open) reportUnknownField(shape.fields, value, key, pointer, report);
    } else if (member !== undefined && member !== null) checkShape(field, member, at, report);
  }
  for (const key of shape.required) {
    if (value[key] !== undefined && value[key] !== null) continue;
    const place = pointer === '' ? '' : ` in ${pointerInWords(pointer)}`;
    report('error', 'missing-field', pointer, `"${key}" is missing${place}; add it.`);
  }
}

function reportUnknownField(
  fields: Readonly<Record<string, Shape>>,
  owner: JsonObject,
  key: string,
  pointer: string,
  report: Report,
): void {
  const at = pointerTo(pointer, key);
  const near = once(() => nearestName(key, Object.keys(fields)));
  report(
    'warning',
    'unknown-field',
    at,
    () =>
      `${pointerInWords(at)} is not a field that Holdfast knows; it is kept and has no effect.${didYouMean(near())}`,
    () => {
      const meant = near();
      return meant === null ? undefined : renameField(owner, pointer, key, meant);
    },
  );
}

function wrongType(
  wanted: string,
  value: Json,
  pointer: string,
  report: Report,
  hint = '',
  fix?: (pointer: string, context: FixContext) => ProblemFix | undefined,
): void {
  report(
    'error',
    'wrong-type',
    pointer,
    `${pointerInWords(pointer)} must be ${wanted}, not ${typeInWords(value)}${hint}.`,
    fix === undefined ? undefined : (context) => fix(pointer, context),
  );
}

function changed(value: Json | undefined): (pointer: string) => ProblemFix | undefined {
  return (pointer) => (value === undefined ? undefined : changeTo(pointer, value));
}

function typeInWords(value: Json): string {
  if (value === null) return 'empty';
  if (isJsonList(value)) return 'a list';
  if (isJsonObject(value)) return 'a map';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'true or false';
  // That it is a number is no answer where a whole one is wanted.
  return Number.isInteger(value) ? 'a number' : String(value);
}

/** A value as it may stand in a sentence: quoted and never long. */
export function show(value: Json): string {
  const json = JSON.stringify(value);
  return json.length <= 80 ? json : `${json.slice(0, 77)}…`;
}
