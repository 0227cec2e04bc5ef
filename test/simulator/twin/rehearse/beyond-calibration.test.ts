import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manyChangedText, sampleConfigText } from '../../../../bench/sample-config.ts';
import { createMemoryConfigStore } from '../../../../core/config/memory-config-store.ts';
import { CreationTimestamps } from '../../../../core/control-plane/creation-timestamps.ts';
import { DocumentCache } from '../../../../core/gateway/parse-config.ts';
import { plannedShape } from '../../../../core/rehearsal/planned-shape.ts';
import { CALIBRATION } from '../../../../simulator/twin/fitted-service-times.ts';
import {
  beyondCalibration,
  draftSizeOf,
} from '../../../../simulator/twin/rehearse/beyond-calibration.ts';
import { prepareRehearsal } from '../../../../simulator/twin/rehearse/prepare-rehearsal.ts';
import { publishTexts } from '../../../../simulator/twin/rehearse/publish-texts.ts';
import { DRAFT, request } from './rehearsal-fixture.ts';

test('[CALIB11] a draft of more than three times the documents or bytes that were measured is noted, in one sentence', () => {
  const measured = { documents: 300, bytes: 280_000 };
  const note = (changed: number, bytes: number) => beyondCalibration({ changed, bytes }, measured);
  assert.equal(note(1, 1_000), null);
  assert.equal(note(900, 840_000), null);
  assert.equal(
    note(3_000, 3_600_000),
    'This draft changes 3,000 resources and sends each node 3.6 MB; the service times were fitted to at most 300 resources and 0.3 MB, so that how long it takes can be off by more than the forecast says.',
  );
  assert.match(note(1, 900_000) ?? '', /changes one resource and sends each node 0\.9 MB/);
  assert.match(note(901, 100) ?? '', /changes 901 resources/);
});

test('[CALIB11] what a draft changes of the head counts, not what it holds', () => {
  const published = (text: string) => {
    const texts = publishTexts(plannedShape(1, 1, text), {
      cache: new DocumentCache(),
      timestamps: new CreationTimestamps(),
    });
    assert.ok(texts.ok);
    return texts.value.store;
  };
  const head = published(sampleConfigText(40));
  assert.equal(draftSizeOf(head, published(sampleConfigText(40))).changed, 0);
  assert.equal(draftSizeOf(head, published(sampleConfigText(40, 17, 1))).changed, 1);
  const { changed, bytes } = draftSizeOf(head, published(manyChangedText(40, 25, 1)));
  assert.equal(changed, 25);
  assert.ok(bytes > 25 * 500 && bytes < 25 * 2_000, `${bytes} bytes`);
  const first = draftSizeOf(createMemoryConfigStore({ lineage: head.lineage }), head);
  assert.equal(first.changed, 43, 'all of a first config');
});

test('[CALIB11] a rehearsal notes a draft that is too large, and no other', () => {
  const notesOf = (draftText: string) => {
    const prepared = prepareRehearsal(request({ draftText }));
    assert.ok(prepared.ok);
    return prepared.value.notes;
  };
  assert.deepEqual(notesOf(DRAFT), []);
  const [note] = notesOf(sampleConfigText(3 * CALIBRATION.many.documents));
  assert.match(note ?? '', /^This draft changes \d+ resources and sends each node \d\.\d MB/);
});
