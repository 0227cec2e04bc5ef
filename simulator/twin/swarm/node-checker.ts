import type { Generation, RootHash } from '../../../core/config/ids.ts';
import { type ConfigSnapshot, scrubSnapshot } from '../../../core/config/snapshot.ts';
import { NODE_LOG_ENTRIES_MAX } from '../../../core/node/node-limits.ts';
import type { ServingConfig } from '../../../core/node/node-state.ts';
import type { NodeToControlPlane } from '../../../core/protocol/node-link.ts';
import type { TwinDisk } from '../twin-disk.ts';
import type { DiskFate, TwinNode } from '../twin-node.ts';
import type { PublishLedger } from './publish-ledger.ts';
import { hold } from './swarm-failure.ts';

interface Watched {
  /** The newest generation that it served since its disk was last harmed; null: none. */
  floor: Generation | null;
  /** Its disk said yes to a write that it did not keep. */
  wasLiedTo: boolean;
  /** Its memory was damaged, and it has not served anything whole since. */
  isHarmed: boolean;
  /** Something built on damaged memory may have been written to its disk, and nothing acknowledged since. */
  isDiskDoubtful: boolean;
  /** What it served at its last step, which need not be looked at again. */
  seen: ServingConfig | null;
}

/** What must hold of each node at each of its steps, by what it answers requests with. */
export class NodeChecker {
  readonly #ledger: PublishLedger;
  readonly #disk: TwinDisk;
  readonly #nodes: Watched[] = [];
  readonly #hashes = new WeakMap<ConfigSnapshot, RootHash>();

  constructor(ledger: PublishLedger, disk: TwinDisk) {
    this.#ledger = ledger;
    this.#disk = disk;
  }

  stepped(node: TwinNode): void {
    const watched = this.#of(node);
    if (node.conditions.diskLies) watched.wasLiedTo = true;
    if (node.answersWith === 'down') return;
    const { machine } = node;
    hold(
      'safety',
      machine.log.entries().length <= NODE_LOG_ENTRIES_MAX,
      () => `The log of ${machine.nodeId} is over its cap.`,
    );
    const { serving } = machine;
    if (node.answersWith === null || serving === null) {
      hold(
        'safety',
        watched.floor === null,
        () =>
          `${machine.nodeId} served generation ${watched.floor} and serves nothing, though its disk is whole.`,
      );
      return;
    }
    if (serving === watched.seen && serving.snapshot === node.answersWith) return;
    const { generation, revision } = serving.statement;
    const hash = this.#hashOf(node.answersWith);
    const isPublished = this.#ledger.wasPublished({ generation, revision, hash });
    if (isPublished) watched.isHarmed = false;
    hold(
      'safety',
      isPublished || watched.isHarmed,
      () =>
        `${machine.nodeId} serves as r${revision}, generation ${generation}, what was not published as that.`,
    );
    const { floor } = watched;
    hold(
      'safety',
      floor === null || generation >= floor,
      () => `${machine.nodeId} went back from generation ${floor} to ${generation}.`,
    );
    this.#checkSnapshot(node, watched);
    watched.floor = generation;
    watched.seen = serving;
  }

  /** What came from the snapshot store, which nobody acknowledges, is on the disk, too. */
  #checkSnapshot(node: TwinNode, { wasLiedTo, seen }: Watched): void {
    const { serving, nodeId } = node.machine;
    if (serving === null || serving === seen) return;
    const { source, generation } = serving.statement;
    const durable = this.#disk.durable(nodeId)?.generation ?? 0;
    hold(
      'safety',
      source !== 'snapshot-store' || wasLiedTo || durable >= generation,
      () =>
        `${nodeId} serves generation ${generation} from the snapshot store with generation ${durable} on its disk.`,
    );
  }

  sends(node: TwinNode, message: NodeToControlPlane): void {
    const { machine, answersWith } = node;
    const held = answersWith === null || answersWith === 'down' ? null : this.#hashOf(answersWith);
    if (message.type === 'hello' || message.type === 'heartbeat') {
      const said = message.serving?.hash ?? null;
      // What it took up in this very step is what it answers with from the end of the step.
      const now = machine.serving === null ? null : this.#hashOf(machine.serving.snapshot);
      hold(
        'safety',
        said === held || said === now || this.#of(node).isHarmed,
        () => `${machine.nodeId} says that it serves ${short(said)}, and serves ${short(held)}.`,
      );
    }
    if (message.type !== 'ack') return;
    const { serving } = machine;
    const watched = this.#of(node);
    // A harmed node that does not know it yet says what it ought to hold, and builds on it.
    hold(
      'safety',
      serving !== null && (this.#hashOf(serving.snapshot) === message.hash || watched.isHarmed),
      () => `${machine.nodeId} acknowledged ${short(message.hash)}, which it does not serve.`,
    );
    if (!watched.isHarmed) watched.isDiskDoubtful = false;
    const durable = this.#disk.durable(machine.nodeId)?.generation ?? 0;
    hold(
      'safety',
      watched.wasLiedTo || node.conditions.diskLies || durable >= serving.statement.generation,
      () =>
        `${machine.nodeId} acknowledged generation ${serving.statement.generation} with generation ${durable} on its disk.`,
    );
  }

  ended(node: TwinNode, fate: DiskFate): void {
    const watched = this.#of(node);
    const durable = this.#disk.durable(node.machine.nodeId)?.generation ?? 0;
    const isWhole = !watched.wasLiedTo || durable >= (watched.floor ?? 0);
    // What is damaged in memory is written to the disk with the next delta that is built on it.
    if (fate !== 'keep' || !isWhole || watched.isDiskDoubtful) watched.floor = null;
    watched.wasLiedTo = false;
    watched.isHarmed = false;
    watched.isDiskDoubtful = false;
    watched.seen = null;
  }

  harmed(node: TwinNode): void {
    const watched = this.#of(node);
    watched.isHarmed = true;
    watched.isDiskDoubtful = true;
    watched.seen = node.machine.serving;
  }

  isHarmed(node: TwinNode): boolean {
    return this.#of(node).isHarmed;
  }

  #of(node: TwinNode): Watched {
    let watched = this.#nodes[node.row];
    if (watched === undefined) {
      watched = {
        floor: null,
        wasLiedTo: false,
        isHarmed: false,
        isDiskDoubtful: false,
        seen: null,
      };
      this.#nodes[node.row] = watched;
    }
    return watched;
  }

  /** From the bodies, not from what anybody computed before. */
  #hashOf(snapshot: ConfigSnapshot): RootHash {
    const known = this.#hashes.get(snapshot);
    if (known !== undefined) return known;
    const hash = scrubSnapshot(snapshot)?.hash ?? snapshot.hash;
    this.#hashes.set(snapshot, hash);
    return hash;
  }
}

function short(hash: string | null): string {
  return hash === null ? 'nothing' : hash.slice(0, 12);
}
