import type { FlagGate } from './path-table.ts';
import { isFlagOn } from './policy/is-flag-on.ts';

/** Where and when a request arrives. */
export interface RouteContext {
  /** The node's cell: flags may be on in some. */
  readonly cell: string;
  /** Wall clock, ms since 1970: a token's times are held against it. */
  readonly atMs: number;
}

/** Without context: no cell, and the beginning of 1970, when no token has expired. */
export const NO_CONTEXT: RouteContext = { cell: '', atMs: 0 };

/** What matching asks of a request. Headers and query are looked at only when a match needs them. */
export class RequestView {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly #query: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #context: RouteContext;
  readonly #draw: number;
  #parameters: Map<string, string> | undefined;

  constructor(
    method: string,
    pathWithQuery: string,
    headers: Readonly<Record<string, string>>,
    context: RouteContext,
    draw: number,
  ) {
    const question = pathWithQuery.indexOf('?');
    const path = question < 0 ? pathWithQuery : pathWithQuery.slice(0, question);
    this.method = method;
    this.path = path === '' ? '/' : path;
    this.#query = question < 0 ? '' : pathWithQuery.slice(question + 1);
    this.#headers = headers;
    this.#context = context;
    this.#draw = draw;
  }

  get draw(): number {
    return this.#draw;
  }

  get context(): RouteContext {
    return this.#context;
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

  /** Whether a flag is on for this request. The same flag is the same in every rule. */
  isOn(gate: FlagGate): boolean {
    return this.isOnAt(gate, mixDraw(this.#draw, gate.salt));
  }

  /** The same with a draw of one's own: a whole number in [0, 2^31). */
  isOnAt({ flag }: FlagGate, draw: number): boolean {
    if (flag.mode !== 'conditional') return flag.mode === 'on';
    return isFlagOn(flag, (name) => this.header(name), this.#context.cell, draw);
  }

  /** The first value of a query parameter, decoded. */
  parameter(name: string): string | undefined {
    this.#parameters ??= parametersOf(this.#query);
    return this.#parameters.get(name);
  }
}

/** The finalizer of MurmurHash3: every bit of the result depends on every bit of the draw. */
function mixDraw(draw: number, salt: number): number {
  let mixed = (draw ^ salt) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) & 0x7fff_ffff;
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
