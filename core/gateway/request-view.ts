/** What matching asks of a request. Headers and query are looked at only when a match needs them. */
export class RequestView {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly #query: string;
  readonly #headers: Readonly<Record<string, string>>;
  #parameters: Map<string, string> | undefined;

  constructor(method: string, pathWithQuery: string, headers: Readonly<Record<string, string>>) {
    const question = pathWithQuery.indexOf('?');
    const path = question < 0 ? pathWithQuery : pathWithQuery.slice(0, question);
    this.method = method;
    this.path = path === '' ? '/' : path;
    this.#query = question < 0 ? '' : pathWithQuery.slice(question + 1);
    this.#headers = headers;
  }

  /** A header by its name in lower case; several lines are joined with a comma. */
  header(lowerName: string): string | undefined {
    let value: string | undefined;
    for (const name in this.#headers) {
      if (name.length !== lowerName.length || name.toLowerCase() !== lowerName) continue;
      if (!Object.hasOwn(this.#headers, name)) continue;
      const part = this.#headers[name] ?? '';
      value = value === undefined ? part : `${value},${part}`;
    }
    return value;
  }

  /** The first value of a query parameter, decoded. */
  parameter(name: string): string | undefined {
    this.#parameters ??= parametersOf(this.#query);
    return this.#parameters.get(name);
  }
}

function parametersOf(query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  if (query === '') return parameters;
  for (const part of query.split('&')) {
    const equals = part.indexOf('=');
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    if (!parameters.has(name))
      parameters.set(name, equals < 0 ? '' : decode(part.slice(equals + 1)));
  }
  return parameters;
}

/** Percent-decoded; what is not valid percent-encoding stands for itself. */
function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
