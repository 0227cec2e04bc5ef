import { type CompiledGateway, compileGateway } from '../../core/gateway/compile.ts';
import { listAt, objectAt } from '../../core/gateway/json.ts';
import { type ParsedConfig, parseConfig } from '../../core/gateway/parse-config.ts';
import type { Problem } from '../../core/gateway/problem.ts';
import type { CanonicalResource } from '../../core/gateway/resource-index.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { type ConfigFile, problemLines } from '../host/first-config.ts';
import type { CommandError } from './command.ts';
import { readConfigInput } from './read-config-input.ts';
import { count, plain } from './text.ts';

/** A config that requests can be asked of. */
export interface LoadedConfig {
  readonly name: string;
  readonly parsed: ParsedConfig;
  readonly resources: readonly CanonicalResource[];
  readonly gateway: CompiledGateway;
  /** Such a config cannot be published; it answers by what can be read of it. */
  readonly errors: readonly Problem[];
}

/**
 * What a config is loaded for. Without a resource it is an error, it could not be told; unless only
 * the suites in it are wanted, or its problems are an answer too.
 */
export type Wanted = 'resources' | 'suites' | 'resources or problems';

/** From a file or the standard input. */
export async function loadConfig(
  path: string,
  wanted: Wanted = 'resources',
): Promise<Result<LoadedConfig, CommandError>> {
  const file = await readConfigInput(path);
  return file.ok ? loadText(file.value, wanted) : err({ exit: 3, detail: file.error.detail });
}

/** From a text that is at hand. */
export function loadText(
  { name, text }: ConfigFile,
  wanted: Wanted = 'resources',
): Result<LoadedConfig, CommandError> {
  const parsed = parseConfig(text);
  const errors = parsed.problems.filter((problem) => problem.severity === 'error');
  const resources = resourcesOf(parsed);
  const isEmpty = resources.length === 0 && (wanted !== 'suites' || parsed.documents.length === 0);
  if (isEmpty && (wanted !== 'resources or problems' || errors.length === 0)) {
    const detail =
      errors.length > 0 ? problemLines(name, errors) : `${name} holds no resource to ask.`;
    return err({ exit: 3, detail });
  }
  return ok({ name, parsed, resources, gateway: compileGateway(resources), errors });
}

/** What a person should know before they trust the answers; empty when there is nothing. */
export function errorNotes({ name, errors }: LoadedConfig): readonly string[] {
  const [first] = errors;
  if (first === undefined) return [];
  const how = errors.length === 1 ? 'an error' : `${count(errors.length)} errors`;
  return [
    `${name} has ${how} and cannot be published; the answers are by what can be read of it. First:`,
    problemLines(name, [first]),
  ];
}

/** What to know of a cell that is asked about; empty when it makes a difference. */
export function cellNotes({ name, resources }: LoadedConfig, cell: string): readonly string[] {
  if (cell === '') return [];
  const isNamed = resources.some(
    ({ key, body }) =>
      key.startsWith('FeatureFlag/') &&
      listAt(objectAt(objectAt(body, 'spec'), 'when'), 'cells').includes(cell),
  );
  if (isNamed) return [];
  return [
    `No FeatureFlag of ${name} names the cell ${plain(cell)}, so --cell makes no difference.`,
  ];
}

/** What nodes would be sent. Of documents that claim one key the first counts, as problems say. */
function resourcesOf(parsed: ParsedConfig): readonly CanonicalResource[] {
  const byKey = new Map<string, CanonicalResource>();
  for (const { key, body, pushed } of parsed.documents) {
    if (pushed && body !== null && !byKey.has(key)) byKey.set(key, { key, body });
  }
  return [...byKey.values()];
}
