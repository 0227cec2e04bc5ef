import { useConsole } from '../state/console-store.ts';
import { useDraft } from './draft-store.ts';
import type { FormReferences } from './form/form-model.ts';

/** Before the draft has been looked at. */
export const NO_REFERENCES: FormReferences = {
  gateways: [],
  backends: [],
  routes: [],
  flags: [],
  namespaces: [],
  cells: [],
};

/** What the draft can refer to now; cells are the fleet's. */
export function referencesNow(): FormReferences {
  const references = useDraft.getState().analysis?.references ?? NO_REFERENCES;
  return { ...references, cells: useConsole.getState().roster?.cells ?? [] };
}
