import type { Command } from './command.ts';
import { exportConfig } from './export-command.ts';
import { importConfig } from './import-command.ts';
import { route } from './route-command.ts';
import { suiteRun } from './suite-command.ts';
import { validate } from './validate-command.ts';

/** What a CI job gates on, and config in and out. */
export const workbenchCommands: readonly Command[] = [
  validate,
  exportConfig,
  importConfig,
  suiteRun,
  route,
];
