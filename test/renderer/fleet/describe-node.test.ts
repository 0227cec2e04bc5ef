import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NODE_CLOSE_CODES } from '../../../core/protocol/node-link.ts';
import { describeLinkEnd, describeLogText } from '../../../renderer/fleet/describe-node.ts';

test('[UILINK1] why a link ended is told in words in a node’s log too', () => {
  for (const [text, words] of [
    ['control link lost: heartbeat-timeout', 'control link lost: no heartbeat came in time'],
    ['could not connect: ECONNREFUSED', 'could not connect: nothing answers at its address'],
    ['told to come later: handshakes-full', 'told to come later: too many nodes connect at once'],
    ['control link lost: end 39', 'control link lost: end 39'],
    ['serving r7 from disk', 'serving r7 from disk'],
  ] as const) {
    assert.equal(describeLogText(text), words);
  }
  for (const reason of Object.keys(NODE_CLOSE_CODES)) {
    assert.notEqual(describeLinkEnd(reason), reason, `${reason} has words`);
  }
});
