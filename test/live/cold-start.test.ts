import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SNAPSHOT_FILE_NAME } from '../../core/protocol/snapshot-file.ts';
import { type ConsoleProcess, startConsole } from '../support/console-process.ts';

const NODES = 12;

describe(`live cold start, ${NODES} nodes`, { timeout: 120_000 }, () => {
  let console: ConsoleProcess;

  before(async () => {
    console = await startConsole({ args: ['--nodes', String(NODES), '--cells', '2'] });
  });
  after(() => console.stop());

  test('[SOURCE9] with the control plane killed and every disk wiped, a whole console’s fleet comes back from its store', async () => {
    const dumped = await console.until('the head is in the snapshot store', (s) => {
      const last = s.controlPlaneLoad?.snapshotStore?.last ?? null;
      return s.fleet.connected === NODES && last !== null && last.revision === s.head?.revision;
    });
    assert.equal(dumped.fleet.bySource['snapshot-store'], 0);
    const { stdout } = await console.cli('status');
    assert.match(stdout, /snapshot store +r\d+, [\d,]+ bytes/);
    await console.must('kill-control-plane', {});
    await console.must('restart-nodes', { target: { scope: 'fleet' }, disk: 'wipe' });
    const cold = await console.until(
      'who can take the head serves it from the store',
      (s) => s.fleet.bySource['snapshot-store'] > 0 && s.fleet.serving === NODES,
    );
    assert.equal(cold.controlPlane.state, 'down');
    await console.must('start-control-plane', {});
    await console.until('the fleet is current again', (s) => {
      const { acknowledged, rejected, behind } = s.fleet;
      return acknowledged + rejected === NODES && behind === rejected;
    });
  });

  test('[DUMP8] a reset empties the snapshot store, so that no node of the next fleet is given the last one’s config', async () => {
    const file = join(console.dataDir, 'snapshot-store', SNAPSHOT_FILE_NAME);
    assert.equal(existsSync(file), true);
    const before = (await console.status()).head?.lineage;
    await console.must('reset', {});
    const fresh = await console.until(
      'a new history is in the store',
      (s) => s.head !== null && s.controlPlaneLoad?.snapshotStore?.last != null,
    );
    assert.notEqual(fresh.head?.lineage, before);
    assert.equal(fresh.fleet.ahead, 0);
  });
});
