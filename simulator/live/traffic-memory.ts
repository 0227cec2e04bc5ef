import type { RootHash } from '../../core/config/ids.ts';
import type { CompiledGateway } from '../../core/gateway/compile.ts';
import { CompileMemory } from '../../core/gateway/compile-memory.ts';
import { LruMap } from '../../core/lib/lru-map.ts';
import type { RequestShape } from '../../core/protocol/simulator-control.ts';
import { OutcomeTables } from '../../core/traffic/outcome-table.ts';
import { createShapeSet, type ShapeSet } from '../../core/traffic/request-shapes.ts';
import { COMPILED_CONFIGS_MAX } from './live-limits.ts';

/**
 * What configs were found to make of requests, by content: several runners can share one, as those of
 * the worlds of a rehearsal do. An optimisation of simulation.
 */
export class TrafficMemory {
  readonly tables = new OutcomeTables();
  readonly parts = new CompileMemory();
  readonly compiled = new LruMap<RootHash, CompiledGateway>(COMPILED_CONFIGS_MAX);
  readonly #shapeSets = new WeakMap<readonly RequestShape[], ShapeSet>();

  /** One for each list: tables are known by it. */
  shapeSet(shapes: readonly RequestShape[]): ShapeSet {
    const known = this.#shapeSets.get(shapes);
    if (known !== undefined) return known;
    const set = createShapeSet(shapes);
    this.#shapeSets.set(shapes, set);
    return set;
  }
}
