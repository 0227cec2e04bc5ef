/** Any JSON value, read-only: what a resource's body is made of. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const NO_ITEMS: readonly Json[] = [];

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The own member `key` of an object, or undefined for anything else. */
export function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
  return value[key];
}

export function stringAt(value: Json | undefined, key: string): string | undefined {
  const member = memberOf(value, key);
  return typeof member === 'string' ? member : undefined;
}

export function integerAt(value: Json | undefined, key: string): number | undefined {
  const member = memberOf(value, key);
  return typeof member === 'number' && Number.isSafeInteger(member) ? member : undefined;
}

export function objectAt(value: Json | undefined, key: string): JsonObject | undefined {
  const member = memberOf(value, key);
  return isJsonObject(member) ? member : undefined;
}

/** The list under `key`; empty when there is none. */
export function listAt(value: Json | undefined, key: string): readonly Json[] {
  const member = memberOf(value, key);
  return isJsonList(member) ? member : NO_ITEMS;
}

/** Whether `key` is there with something else than null, which the API reads as absent. */
export function hasMember(value: Json | undefined, key: string): boolean {
  const member = memberOf(value, key);
  return member !== undefined && member !== null;
}

/** Appends one step to a JSON pointer. */
export function pointerTo(pointer: string, step: string | number): string {
  if (typeof step === 'number') return `${pointer}/${step}`;
  return `${pointer}/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The steps of a JSON pointer. */
export function pointerSteps(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A pointer as people write it: `spec.rules[0].name`. */
export function pointerInWords(pointer: string): string {
  let words = '';
  for (const step of pointerSteps(pointer)) {
    if (/^[0-9]+$/.test(step)) words += `[${step}]`;
    else if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(step)) words += words === '' ? step : `.${step}`;
    else words += `[${JSON.stringify(step)}]`;
  }
  return words === '' ? 'the document' : words;
}
