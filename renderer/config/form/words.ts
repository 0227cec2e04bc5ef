/** A piece of a sentence: prose, or an exact name that is set in monospace. */
export type Word = string | { readonly code: string };
export type Words = readonly Word[];

/** A sentence whose interpolated values are exact names: say`path is ${'/a'}`. */
export function say(prose: TemplateStringsArray, ...names: readonly (string | number)[]): Words {
  const words: Word[] = [];
  for (const [at, text] of prose.entries()) {
    if (text !== '') words.push(text);
    const name = names[at];
    if (name !== undefined) words.push({ code: String(name) });
  }
  return words;
}

export function plainWords(words: Words): string {
  return words.map((word) => (typeof word === 'string' ? word : word.code)).join('');
}

export function joinWords(parts: readonly Words[], separator = ', '): Words {
  return parts.flatMap((part, at) => (at === 0 ? part : [separator, ...part]));
}

/** `1 rule`, `2 rules`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
