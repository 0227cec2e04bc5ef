import type { ControlPlaneResults } from '../../core/protocol/control-plane-control.ts';
import type { FleetModel } from './fleet-model.ts';
import type { BlameCopy } from './store/console-rows.ts';
import type { ConsoleStore } from './store/console-store.ts';

/** Remembers who last touched the head's resources, for when nobody can be asked. */
export class BlameKeeper {
  readonly #store: ConsoleStore;
  readonly #model: FleetModel;
  #copy: BlameCopy | null;

  constructor(store: ConsoleStore, model: FleetModel) {
    this.#store = store;
    this.#model = model;
    this.#copy = store.blame();
  }

  /** What was told of a revision. Only the head's is kept, and written when it is another one. */
  heard({ revision, resources }: ControlPlaneResults['get-blame']): void {
    const head = this.#model.head;
    if (head === null || revision !== head.record.revision) return;
    const { lineage } = head;
    if (this.#copy?.revision === revision && this.#copy.lineage === lineage) return;
    this.#copy = { lineage, revision, resources: [...resources] };
    this.#store.saveBlame(this.#copy);
  }

  /** Null when nothing is remembered of the history that the head is of. */
  read(): BlameCopy | null {
    return this.#copy?.lineage === this.#model.head?.lineage ? this.#copy : null;
  }
}
