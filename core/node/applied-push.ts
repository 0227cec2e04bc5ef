import type { Lineage } from '../config/ids.ts';
import type { PushBody } from '../protocol/node-link.ts';
import type { ServingStatement } from '../protocol/primitives.ts';
import type { NodeDiskRecord } from './node-events.ts';

/** What a node states and notes once it serves what was pushed. */
export interface AppliedPush {
  readonly lineage: Lineage;
  readonly statement: ServingStatement;
  /** `delta, 1 changed, 0 removed` */
  readonly detail: string;
  /** `serving r7 (delta, 1 changed, 0 removed)` */
  readonly text: string;
}

/** By body: nodes of one process that are pushed the same object share what it comes to. */
const appliedByBody = new WeakMap<PushBody, AppliedPush>();

/** @param record what the push was written to disk as: of its lineage, and with its hash */
export function appliedPush(body: PushBody, record: NodeDiskRecord): AppliedPush {
  const known = appliedByBody.get(body);
  const { lineage, generation, revision, hash } = record;
  if (known !== undefined && known.lineage === lineage && known.statement.hash === hash) {
    return known;
  }
  const statement = { lineage, generation, revision, hash, source: 'control-plane' } as const;
  const detail = describeBody(body);
  const applied = { lineage, statement, detail, text: `serving r${revision} (${detail})` };
  appliedByBody.set(body, applied);
  return applied;
}

function describeBody(body: PushBody): string {
  if (body.type === 'full') return `full, ${body.resources.length} resources`;
  return `delta, ${body.changed.length} changed, ${body.removed.length} removed`;
}
