import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import {
  importsOf,
  lineOf,
  listCode,
  listFiles,
  parseSource,
  readSource,
  resolveLocal,
  walk,
} from './source-files.ts';

const FILE_LINES_MAX = 400;
/** Tools that take a default export and nothing else. */
const DEFAULT_EXPORT_ALLOWED = [
  'playwright.config.ts',
  'vite.config.ts',
  'scripts/test-reporter.mjs',
  'test/browser/global-setup.ts',
];
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|spec|config|worker|d))?\.(ts|tsx|cts|mjs|js)$/;
const JUNK_DRAWERS = /(^|\/)(utils?|helpers?|misc|common|index)\.(ts|tsx|mjs)$/;
/** Loaded by name from outside, not by an import. */
const ENTRIES = [
  'scripts/run.mjs',
  'scripts/holdfast.mjs',
  'scripts/exit-with-parent.mjs',
  'scripts/test-reporter.mjs',
  'bench/main.ts',
  'bench/calibrate/main.ts',
  'bench/cpu-meter.ts',
  'main/cli/main.ts',
  'main/control-plane/main.ts',
  'main/host/utility-main.ts',
  'main/electron/main.ts',
  'main/electron/preload.ts',
  'simulator/live/main.ts',
  'simulator/twin/main.ts',
  'simulator/twin/swarm/main.ts',
  'playwright.config.ts',
  'vite.config.ts',
  'test/browser/global-setup.ts',
];
/** Second implementations of a port, and what a later world is to use; contract suites run them now. */
const TEST_ONLY_ALLOWED = ['core/config/memory-config-store.ts', 'core/lib/memory-link.ts'];
// Written in pieces, so that this file does not find itself.
const LEFT_OPEN = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`,
);
const MACHINE_PATH = new RegExp(
  ['/' + 'home/', '/' + 'Users/', '/' + 'work/', 'C:' + '\\\\'].join('|'),
);
const REGISTRY_HOST = new RegExp(
  [
    'registry\\.' + 'npmjs',
    'npm' + 'mirror',
    'registry\\.' + 'yarnpkg',
    '127\\.0\\.0\\.1:4873',
  ].join('|'),
);
const NARROWED_RUN = /\b(it|test|describe)\.(only|skip|todo|fixme)\b|\b(skip|todo|only): true\b/;

const code = listCode();
const readCache = new Map<string, string>();

function read(path: string): string {
  const known = readCache.get(path);
  if (known !== undefined) return known;
  const source = readSource(path);
  readCache.set(path, source);
  return source;
}

function linesMatching(path: string, source: string, pattern: RegExp): string[] {
  return source
    .split('\n')
    .flatMap((line, index) =>
      pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 100)}`] : [],
    );
}

function defaultExportsOf(path: string, source: string): string[] {
  const found: string[] = [];
  walk(parseSource(source, path), (node) => {
    if (node.type !== 'ExportDefaultDeclaration') return;
    found.push(`${path}:${lineOf(source, node.start)}`);
  });
  return found;
}

/** Every file that something names by path: imports, worker URLs, HTML, JSON, configuration. */
function referencedFiles(files: readonly string[]): Set<string> {
  const referenced = new Set<string>(ENTRIES);
  for (const path of files) {
    for (const { specifier } of importsOf(read(path), path)) {
      const local = resolveLocal(path, specifier);
      if (local !== null) referenced.add(local);
    }
  }
  for (const page of listFiles().filter((path) => path.endsWith('.html'))) {
    for (const [, source = ''] of readSource(page).matchAll(/src="\.?\/?([^"]+)"/g)) {
      referenced.add(resolveLocal(page, `./${source}`) ?? source);
    }
  }
  return referenced;
}

function isRunByName(path: string): boolean {
  return /\.(test|spec)\.tsx?$/.test(path) || path.endsWith('.d.ts');
}

describe('tidiness', () => {
  it(`[TIDY1] no source file is longer than ${FILE_LINES_MAX} lines`, () => {
    const long = code.flatMap((path) => {
      const lines = read(path).split('\n').length - 1;
      return lines > FILE_LINES_MAX ? [`${path}: ${lines}`] : [];
    });
    assert.deepEqual(long, []);
  });

  it('[TIDY2] source files have kebab-case names, and none is a junk drawer', () => {
    const odd = code.filter((path) => !KEBAB_CASE.test(basename(path)) || JUNK_DRAWERS.test(path));
    assert.deepEqual(odd, []);
    assert.ok(JUNK_DRAWERS.test('core/lib/utils.ts') && JUNK_DRAWERS.test('renderer/index.ts'));
    assert.ok(!KEBAB_CASE.test('FleetMap.tsx') && KEBAB_CASE.test('fleet-map.tsx'));
  });

  it('[TIDY3] nothing is exported as default but where a tool asks for it', () => {
    const found = code
      .filter((path) => !DEFAULT_EXPORT_ALLOWED.includes(path))
      .flatMap((path) => defaultExportsOf(path, read(path)));
    assert.deepEqual(found, []);
    assert.equal(defaultExportsOf('a.ts', 'export default function a() {}').length, 1);
  });

  it('[TIDY4] nothing is left open in a comment: open work has an issue', () => {
    assert.deepEqual(
      code.flatMap((path) => linesMatching(path, read(path), LEFT_OPEN)),
      [],
    );
    assert.equal(linesMatching('a.ts', `// ${'TO' + 'DO'}: later`, LEFT_OPEN).length, 1);
  });

  it('[TIDY5] no file names a path of some machine, or the host of a package registry', () => {
    const texts = listFiles().filter((path) =>
      /\.(ts|tsx|cts|mjs|json|md|ya?ml|html|css|sh)$|^\.npmrc$|^\.ci\//.test(path),
    );
    const found = texts.flatMap((path) => {
      const source = readSource(path);
      return [
        ...linesMatching(path, source, MACHINE_PATH),
        ...linesMatching(path, source, REGISTRY_HOST),
      ];
    });
    assert.deepEqual(found, []);
    assert.equal(linesMatching('a.ts', `'/${'home'}/me/x'`, MACHINE_PATH).length, 1);
    assert.equal(linesMatching('a.json', `registry.${'npmjs'}.org`, REGISTRY_HOST).length, 1);
  });

  it('[TIDY6] no test is skipped, narrowed or put off', () => {
    const tests = code.filter(
      (path) => path.startsWith('test/') && !path.startsWith('test/rules/'),
    );
    assert.deepEqual(
      tests.flatMap((path) => linesMatching(path, read(path), NARROWED_RUN)),
      [],
    );
    assert.equal(linesMatching('a.ts', `it.${'only'}('a', () => {});`, NARROWED_RUN).length, 1);
  });

  it('[TIDY7] every module is reached from somewhere', () => {
    const referenced = referencedFiles(code);
    const dead = code.filter((path) => !referenced.has(path) && !isRunByName(path));
    assert.deepEqual(dead, []);
  });

  it('[TIDY8] what only tests reach is not shipped code', () => {
    const shipped = code.filter((path) => !/^(test|bench|scripts)\//.test(path));
    const referenced = referencedFiles(shipped);
    const contractOnly = shipped.filter(
      (path) => !referenced.has(path) && !isRunByName(path) && !TEST_ONLY_ALLOWED.includes(path),
    );
    assert.deepEqual(contractOnly, []);
  });

  it('[TIDY9] every entry that is loaded by name exists', () => {
    assert.deepEqual(
      ENTRIES.filter((path) => !code.includes(path)),
      [],
    );
  });
});
