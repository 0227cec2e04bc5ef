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
