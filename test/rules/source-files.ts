import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

/** The repository's folder. */
export const ROOT = join(import.meta.dirname, '../..');

/** A node of the ESTree that the parser gives; only its position and kind are known beforehand. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** One import, re-export, dynamic import or `import('x')` type. */
export interface ImportOf {
  readonly specifier: string;
  /** Erased before anything runs. */
  readonly typeOnly: boolean;
  readonly line: number;
}

const CODE_ENDING = /\.(ts|tsx|cts|mts|mjs|js)$/;

/** Paths from the root of all files that git tracks or would: nothing ignored, nothing deleted. */
export function listFiles(): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  return [...new Set(listed.split('\0'))]
    .filter((path) => path !== '' && existsSync(join(ROOT, path)))
    .sort();
}

/** The same, source code only. */
export function listCode(): string[] {
  return listFiles().filter((path) => CODE_ENDING.test(path));
}

export function readSource(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Parses TypeScript; throws with the path when it is no program. */
export function parseSource(source: string, path: string): SyntaxNode {
  const lang = path.endsWith('.tsx') ? 'tsx' : 'ts';
  try {
    const program: unknown = parseAst(source, { lang, astType: 'ts' }, path);
    if (isSyntaxNode(program)) return program;
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : 'cannot be parsed'}`);
  }
  throw new Error(`${path}: the parser gave no program`);
}

/** Visits every node, parents first, with the chain of parents, nearest last. */
export function walk(
  root: SyntaxNode,
  visit: (node: SyntaxNode, parents: readonly SyntaxNode[]) => void,
): void {
  const parents: SyntaxNode[] = [];
  const enter = (node: SyntaxNode): void => {
    visit(node, parents);
    parents.push(node);
    for (const field of Object.values(node)) {
      if (Array.isArray(field)) {
        for (const item of field) if (isSyntaxNode(item)) enter(item);
      } else if (isSyntaxNode(field)) enter(field);
    }
    parents.pop();
  };
  enter(root);
}

export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
  );
}

/** A field that holds a node, or null. */
export function childOf(node: SyntaxNode, field: string): SyntaxNode | null {
  const value = node[field];
  return isSyntaxNode(value) ? value : null;
}

/** A field that holds nodes. */
export function childrenOf(node: SyntaxNode, field: string): SyntaxNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isSyntaxNode) : [];
}

/** Every import of a program, whatever its form. */
export function importsOf(source: string, path: string): ImportOf[] {
  const imports: ImportOf[] = [];
  walk(parseSource(source, path), (node) => {
    const from = childOf(node, 'source');
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
      case 'ImportExpression':
      case 'TSImportType': {
        if (from === null) return;
        const typeOnly =
          node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type';
        imports.push({ specifier: literalOf(from), typeOnly, line: lineOf(source, node.start) });
        return;
      }
      case 'TSExternalModuleReference': {
        const expression = childOf(node, 'expression');
        if (expression === null) return;
        imports.push({
          specifier: literalOf(expression),
          typeOnly: false,
          line: lineOf(source, node.start),
        });
      }
    }
  });
  return [...imports, ...workersOf(source, path)];
}

/** `new URL('./x.ts', import.meta.url)` and `join(import.meta.dirname, './x.ts')`: modules by path. */
function workersOf(source: string, path: string): ImportOf[] {
  const found: ImportOf[] = [];
  walk(parseSource(source, path), (node) => {
    if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return;
    const callee = childOf(node, 'callee');
    if (callee?.name !== 'URL' && callee?.name !== 'join' && callee?.name !== 'resolve') return;
    const parts = childrenOf(node, 'arguments');
    if (!parts.some((part) => source.slice(part.start, part.end).startsWith('import.meta.')))
      return;
    const named = parts.find(
      (part) => part.type === 'Literal' && CODE_ENDING.test(literalOf(part)),
    );
    if (named === undefined) return;
    const specifier = literalOf(named);
    found.push({
      specifier: specifier.startsWith('.') ? specifier : `./${specifier}`,
      typeOnly: false,
      line: lineOf(source, node.start),
    });
  });
  return found;
}

/** Path from the root that a relative specifier names, or null for a package. */
export function resolveLocal(importer: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const clean = specifier.replace(/\?.*$/, '');
  return join(dirname(importer), clean).replaceAll('\\', '/');
}

/** The package of a bare specifier: `@scope/name` or `name`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

export function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}

/** A literal's string; a computed specifier reads as `<computed>`. */
export function literalOf(node: SyntaxNode): string {
  return typeof node.value === 'string' ? node.value : '<computed>';
}
