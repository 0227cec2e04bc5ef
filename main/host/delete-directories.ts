import { existsSync, renameSync, rmSync } from 'node:fs';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { withoutFullStop } from '../../core/lib/sentence.ts';

/**
 * Deletes all of them or none: each is moved aside first, and moved back when one of them cannot be.
 * What cannot be deleted once it is aside is left for the next time.
 */
export function deleteDirectories(paths: readonly string[]): Result<void, { detail: string }> {
  const moved: { readonly path: string; readonly aside: string }[] = [];
  try {
    for (const path of paths) {
      const aside = `${path}.deleting`;
      rmSync(aside, { recursive: true, force: true });
      if (!existsSync(path)) continue;
      renameSync(path, aside);
      moved.push({ path, aside });
    }
  } catch (error) {
    for (const { path, aside } of moved) renameSync(aside, path);
    const why = withoutFullStop(error instanceof Error ? error.message : String(error));
    return err({ detail: `Nothing was deleted: ${why}.` });
  }
  for (const { aside } of moved) {
    try {
      rmSync(aside, { recursive: true, force: true });
    } catch {
      // It is out of the way already.
    }
  }
  return ok(undefined);
}
