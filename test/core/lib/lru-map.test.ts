import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LruMap } from '../../../core/lib/lru-map.ts';

test('[LRU1] the least recently used entry goes first when there are too many', () => {
  const map = new LruMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  assert.equal(map.get('a'), 1);
  map.set('c', 3);
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [1, undefined, 3]);
  assert.equal(map.size, 2);
});

test('[LRU2] entries go until the weight fits; the newest stays whatever it weighs', () => {
  const map = new LruMap<string, number>(10, 100);
  map.set('a', 1, 60);
  map.set('b', 2, 40);
  map.set('a', 3, 50);
  assert.equal(map.size, 2);
  map.set('c', 4, 20);
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [3, undefined, 4]);
  map.set('huge', 5, 1_000);
  assert.deepEqual([map.size, map.get('huge')], [1, 5]);
});
