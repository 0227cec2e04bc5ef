import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lineage } from '../../../../core/config/ids.ts';
import { micros } from '../../../../core/ports/clock.ts';
import type { ConfigStore } from '../../../../core/ports/store.ts';
import {
  type OpenStoreError,
  openSqliteConfigStore,
} from '../../../../main/control-plane/store/sqlite-config-store.ts';

export const LINEAGE = '0123456789abcdef' as Lineage;

export interface TemporaryFolder {
  readonly path: string;
  file(name: string): string;
  remove(): void;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-store-'));
  return {
    path,
    file: (name) => join(path, name),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export function openStore(path: string, lineage: Lineage = LINEAGE): ConfigStore {
  const opened = tryOpenStore(path, lineage);
  assert.ok(opened.ok, opened.ok ? '' : opened.error.detail);
  return opened.value;
}

export function tryOpenStore(path: string, lineage: Lineage = LINEAGE) {
  return openSqliteConfigStore({ path, now: micros(1_000_000), newLineage: () => lineage });
}

/** Why opening was refused; fails the test when it was not. */
export function refusalOf(path: string): OpenStoreError {
  const opened = tryOpenStore(path);
  if (opened.ok) opened.value.close();
  assert.ok(!opened.ok, 'opening was to be refused');
  return opened.error;
}
