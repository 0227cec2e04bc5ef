import process from 'node:process';

/** Who waits so long is told that waiting can be ended. */
const STILL_RUNNING_AFTER_MS = 2_000;
const STILL_RUNNING = 'Rehearsing. Ctrl-C ends it and reports what was done by then.\n';
const NO_SEED_YET = 'Rehearsing, and no seed is done yet. Ctrl-C ends it.\n';

/** Tells who waits that waiting can be ended, and once it is so that something will be told then. */
export class PatienceKeeper {
  #isLong = false;
  #hasSeed = false;
  readonly #timer = setTimeout(() => {
    this.#isLong = true;
    process.stderr.write(this.#hasSeed ? STILL_RUNNING : NO_SEED_YET);
  }, STILL_RUNNING_AFTER_MS);

  seedDone(): void {
    if (this.#isLong && !this.#hasSeed) process.stderr.write(STILL_RUNNING);
    this.#hasSeed = true;
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
