import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { readVectors, runVectors } from '../../../core/gateway/vectors.ts';

const FOLDER = new URL('../../../../shared/conformance/', import.meta.url);
/** How many the folder holds; none is left out. */
const CASES = 138;

const folders = existsSync(FOLDER)
  ? readdirSync(FOLDER).filter((name) => existsSync(new URL(`${name}/vectors.json`, FOLDER)))
  : [];

describe('[ROUTE1] routing follows the Gateway API conformance vectors', {
  skip: folders.length === 0 ? 'the vectors are not on this machine' : false,
}, () => {
  let ran = 0;
  for (const folder of folders) {
    test(folder, () => {
      const read = (name: string) => readFileSync(new URL(`${folder}/${name}`, FOLDER), 'utf8');
      const vectors = readVectors(read('vectors.json'));
      assert.ok(vectors.ok, vectors.ok ? '' : vectors.error);
      const { cases } = runVectors(read('manifests.yaml'), vectors.value);
      ran += cases.length;
      assert.deepEqual(
        cases.filter(({ pass }) => !pass),
        [],
      );
    });
  }
  test('every case is run', (context) => {
    context.diagnostic(`${ran} cases run, none left out`);
    assert.equal(ran, CASES);
  });
});
