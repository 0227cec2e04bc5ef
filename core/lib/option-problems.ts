/** What is wrong with the options of a command line, in sentences for whoever typed them. */

/** An option as it was given, of those that `parseArgs` tells as tokens. */
interface OptionToken {
  readonly kind: string;
  readonly name?: string;
  readonly rawName?: string;
}

/**
 * A sentence about the first option that is given twice and takes one value: which of the two is meant
 * nobody can tell, and silently the last would win. Null when there is none.
 */
export function repeatedOption(
  tokens: readonly OptionToken[],
  options: Readonly<Record<string, { readonly type: string; readonly multiple?: boolean }>>,
): string | null {
  const seen = new Set<string>();
  for (const { kind, name, rawName } of tokens) {
    if (kind !== 'option' || name === undefined || options[name]?.multiple === true) continue;
    if (seen.has(name)) return `${rawName ?? name} is given more than once; give it once`;
    seen.add(name);
  }
  return null;
}

/**
 * What `parseArgs` threw, as one sentence: it goes on about what a program's author could do. Of an
 * option whose value begins with a dash its last line says how that is written.
 */
export function unreadOptions(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split('\n');
  const problem = firstSentence(lines[0] ?? '');
  const advice = lines.length > 1 ? firstSentence(lines.at(-1) ?? '') : '';
  return advice === ''
    ? problem
    : `${problem}; ${advice.charAt(0).toLowerCase()}${advice.slice(1)}`;
}

function firstSentence(text: string): string {
  const end = text.indexOf('. ');
  const sentence = end < 0 ? text : text.slice(0, end);
  return sentence.endsWith('.') ? sentence.slice(0, -1) : sentence;
}
