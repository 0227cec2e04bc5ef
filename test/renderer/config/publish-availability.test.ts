import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type PublishFacts,
  publishBlockedReason,
} from '../../../renderer/config/publish-availability.ts';

const READY: PublishFacts = {
  connected: true,
  controlPlane: { state: 'up' },
  hasDraft: true,
  analyzed: true,
  errors: 0,
  sameAsHead: false,
  unforced: false,
  base: 12,
  head: 12,
  ahead: 0,
};

function reason(change: Partial<PublishFacts>): string {
  return publishBlockedReason({ ...READY, ...change }) ?? '';
}

test('[UIPUB1] a checked draft on the head can be published, the first revision too', () => {
  assert.equal(publishBlockedReason(READY), null);
  assert.equal(publishBlockedReason({ ...READY, base: null, head: null }), null);
});

test('[UIPUB2] while the control plane is down, that is the reason, and the draft is said to be kept', () => {
  assert.match(reason({ controlPlane: { state: 'down' }, errors: 3 }), /down.*kept/);
  const without = reason({ controlPlane: { state: 'down' }, hasDraft: false });
  assert.match(without, /no draft/, 'what is not there is not said to be kept');
});

test('[UIPUB3] problems, an old base, an unchecked text, no change and a fleet ahead each block', () => {
  assert.match(reason({ errors: 1 }), /^1 problem blocks/);
  assert.match(reason({ errors: 2 }), /^2 problems block/);
  assert.match(reason({ head: 14 }), /r12.*r14/);
  assert.match(reason({ analyzed: false }), /checked/);
  assert.match(reason({ sameAsHead: true }), /Nothing differs from r12/);
  assert.match(reason({ ahead: 3 }), /3 nodes are ahead/);
  assert.match(reason({ hasDraft: false }), /no draft/);
  assert.match(reason({ connected: false }), /not connected/);
});

test('[UNFORCED3] a head that is not in force can be published again as it stands', () => {
  const again = { sameAsHead: true, hasDraft: false, unforced: true };
  assert.equal(publishBlockedReason({ ...READY, ...again }), null);
  assert.match(reason({ ...again, ahead: 3 }), /3 nodes are ahead/);
});
