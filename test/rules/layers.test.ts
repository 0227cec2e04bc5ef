import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importsOf, listCode, packageOf, readSource, resolveLocal } from './source-files.ts';

/**
 * Who may import whom. `of` is the importer's folder, the most specific one wins; `may` are folders
 * of ours. Packages are bounded apart, below.
 */
const ARROWS: readonly { readonly of: string; readonly may: readonly string[] }[] = [
  { of: 'core/', may: ['core/'] },
  { of: 'client/', may: ['client/', 'core/'] },
  { of: 'renderer/', may: ['renderer/', 'client/', 'core/'] },
  { of: 'simulator/', may: ['simulator/', 'core/'] },
  { of: 'main/', may: ['main/', 'core/'] },
  { of: 'main/control-plane/', may: ['main/control-plane/', 'main/', 'core/'] },
  {
    of: 'main/host/',
    may: ['main/', 'core/', 'simulator/live/main.ts', 'simulator/twin/main.ts'],
  },
  { of: 'main/cli/', may: ['main/', 'client/', 'core/'] },
  { of: 'main/electron/', may: ['main/electron/', 'core/protocol/'] },
  { of: 'bench/', may: [''] },
  { of: 'test/', may: [''] },
  { of: 'scripts/', may: ['scripts/'] },
];

/** Packages that core/ may use: pure, without I/O, the same on every machine. */
const CORE_PACKAGES = ['zod', 'yaml', '@noble/curves', '@noble/hashes', 'pure-rand', 're2js'];
/** What a process of the other plane may never load, even as a type. */
const CLOSED: readonly { readonly package: string; readonly only: readonly string[] }[] = [
  { package: 'electron', only: ['main/electron/'] },
  {
    package: 'better-sqlite3',
    only: ['main/control-plane/store/', 'main/host/store/', 'bench/', 'test/'],
  },
];

/** Why an import breaks the layering, or null when it does not. */
function breachOf(importer: string, specifier: string): string | null {
  const local = resolveLocal(importer, specifier);
  const arrow = ARROWS.filter(({ of }) => importer.startsWith(of)).sort(
    (a, b) => b.of.length - a.of.length,
  )[0];
  if (local !== null) {
    if (arrow === undefined) return null;
    if (specifier.endsWith('.css') || specifier.includes('node_modules')) return null;
    if (arrow.may.some((folder) => local.startsWith(folder))) return null;
    return `${arrow.of} may not import ${local}`;
  }
  const name = packageOf(specifier);
  const closed = CLOSED.find((entry) => entry.package === name);
  if (closed !== undefined && !closed.only.some((folder) => importer.startsWith(folder))) {
    return `only ${closed.only.join(', ')} may import ${name}`;
  }
  if (importer.startsWith('core/') && !CORE_PACKAGES.includes(name)) {
    return `core/ may not import ${specifier}`;
  }
  if (/^(renderer|client)\//.test(importer) && specifier.startsWith('node:')) {
    return `${importer.split('/')[0]}/ runs in a browser and may not import ${specifier}`;
  }
  return null;
}

function breachesOf(importer: string, source: string): string[] {
  return importsOf(source, importer).flatMap(({ specifier, line }) => {
    const breach = breachOf(importer, specifier);
    return breach === null ? [] : [`${importer}:${line}: ${breach}`];
  });
}

describe('layers', () => {
  it('[LAYER1] every import follows the arrows of the design', () => {
    const breaches = listCode().flatMap((path) => breachesOf(path, readSource(path)));
    assert.deepEqual(breaches, []);
  });

  it('[LAYER2] every form of import is seen', () => {
    const forms = [
      `import { a } from '../../main/x.ts';`,
      `import type { A } from '../../main/x.ts';`,
      `import '../../main/x.ts';`,
      `export { a } from '../../main/x.ts';`,
      `export type { A } from '../../main/x.ts';`,
      `export * from '../../main/x.ts';`,
      `export const a = () => import('../../main/x.ts');`,
      `export type A = import('../../main/x.ts').A;`,
      `export const url = new URL('../../main/x.ts', import.meta.url);`,
    ];
    for (const form of forms) {
      assert.equal(breachesOf('core/lib/planted.ts', form).length, 1, form);
    }
  });

  it('[LAYER3] each forbidden arrow is refused', () => {
    const planted: readonly (readonly [string, string])[] = [
      ['core/lib/a.ts', 'node:fs'],
      ['core/lib/a.ts', 'ws'],
      ['core/lib/a.ts', '../../client/console-client.ts'],
      ['client/a.ts', '../main/host/a.ts'],
      ['client/a.ts', 'node:net'],
      ['renderer/a.tsx', '../main/host/a.ts'],
      ['renderer/a.tsx', '../simulator/live/a.ts'],
      ['renderer/a.tsx', 'node:path'],
      ['renderer/a.tsx', 'electron'],
      ['main/host/a.ts', '../../simulator/live/b.ts'],
      ['main/control-plane/a.ts', '../../simulator/live/main.ts'],
      ['main/host/a.ts', 'better-sqlite3'],
      ['main/host/a.ts', 'electron'],
      ['main/host/a.ts', '../../client/console-client.ts'],
      ['simulator/live/a.ts', '../../main/parent-channel.ts'],
      ['simulator/live/a.ts', 'better-sqlite3'],
      ['main/electron/a.ts', '../host/spawner.ts'],
      ['main/electron/a.ts', '../../core/config/ids.ts'],
      ['main/electron/a.ts', 'better-sqlite3'],
      ['test/electron/a.test.ts', 'electron'],
    ];
    for (const [importer, specifier] of planted) {
      assert.notEqual(breachOf(importer, specifier), null, `${importer} imports ${specifier}`);
    }
  });

  it('[LAYER4] what the design allows is allowed', () => {
    const allowed: readonly (readonly [string, string])[] = [
      ['core/lib/a.ts', '@noble/hashes/sha2.js'],
      ['core/lib/a.ts', './result.ts'],
      ['client/a.ts', '../core/lib/result.ts'],
      ['renderer/fleet/a.tsx', '../../client/console-client.ts'],
      ['main/cli/a.ts', '../../client/console-client.ts'],
      ['main/cli/a.ts', '../host/console-host.ts'],
      ['main/control-plane/store/a.ts', 'better-sqlite3'],
      ['main/electron/a.ts', '../../core/protocol/console-host.ts'],
      ['main/electron/a.ts', 'electron'],
    ];
    for (const [importer, specifier] of allowed) {
      assert.equal(breachOf(importer, specifier), null, `${importer} imports ${specifier}`);
    }
  });

  it('[LAYER5] a process reaches the other plane by spawning its entry alone, never by importing it', () => {
    const importers = listCode().filter((path) => /^main\/(host|cli)\//.test(path));
    for (const importer of importers) {
      const source = readSource(importer);
      const reached = importsOf(source, importer).filter(({ specifier }) =>
        resolveLocal(importer, specifier)?.startsWith('simulator/'),
      );
      for (const { line } of reached) {
        const text = source.split('\n')[line - 1] ?? '';
        assert.doesNotMatch(text, /^\s*(import|export)\b|\bimport\(/, `${importer}:${line}`);
      }
    }
  });
});
