import { listAt, objectAt, stringAt } from '../json.ts';
import { identityOf } from '../kinds.ts';
import type { CanonicalResource } from '../resource-index.ts';

/** Whether any flag of a config depends on the node's cell. */
export function asksForCells(resources: Iterable<CanonicalResource>): boolean {
  for (const { body } of resources) {
    // Few are, and a whole identity takes longer to find out.
    if (stringAt(body, 'kind') !== 'FeatureFlag') continue;
    if (identityOf(body)?.kind !== 'FeatureFlag') continue;
    if (listAt(objectAt(objectAt(body, 'spec'), 'when'), 'cells').length > 0) return true;
  }
  return false;
}
