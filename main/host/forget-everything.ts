import { STALENESS_BUDGET_DEFAULT } from '../../core/fleet/staleness.ts';
import { withoutFullStop } from '../../core/lib/sentence.ts';
import type { DataDirectory } from './data-directory.ts';
import { deleteDirectories } from './delete-directories.ts';
import type { DraftKeeper } from './draft-keeper.ts';
import type { FleetModel } from './fleet-model.ts';
import type { HostSettings } from './host-settings.ts';

/**
 * Deletes what both planes kept and what the console knows of it; its event log stays. Never throws:
 * answers why it could not be done, in sentences, or null when it was.
 */
export function forgetEverything(input: {
  readonly directory: DataDirectory;
  readonly settings: HostSettings;
  readonly model: FleetModel;
  readonly drafts: DraftKeeper;
}): string | null {
  const { directory, settings, model, drafts } = input;
  try {
    const wasProvisioned = settings.isProvisioned;
    // Said first: a console that dies after the deletion provisions a fleet when it comes back.
    settings.isProvisioned = false;
    const { controlPlaneDirectory, diskDirectory, snapshotStoreDirectory } = directory;
    // A snapshot of a history that is gone would come back to nodes of the next one.
    const deleted = deleteDirectories([
      controlPlaneDirectory,
      diskDirectory,
      snapshotStoreDirectory,
    ]);
    if (!deleted.ok) {
      settings.isProvisioned = wasProvisioned;
      return `The reset was not done. ${deleted.error.detail}`;
    }
    settings.shapes = [];
    settings.supersededText = null;
    settings.refusedText = null;
    settings.budget = STALENESS_BUDGET_DEFAULT;
    model.budget = STALENESS_BUDGET_DEFAULT;
    drafts.discardAll();
    model.forget();
    return null;
  } catch (error) {
    const why = withoutFullStop(error instanceof Error ? error.message : String(error));
    return `The reset was not finished: ${why}.`;
  }
}
