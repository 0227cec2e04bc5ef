/** Safety: something wrong was done. Liveness: something right was not done in time. */
export type SwarmPhase = 'safety' | 'liveness';

/** What a checker found; ends the run at the step at which it was found. */
export class SwarmFailure extends Error {
  readonly phase: SwarmPhase;

  /** @param sentence what is wrong, in one sentence */
  constructor(phase: SwarmPhase, sentence: string) {
    super(sentence);
    this.phase = phase;
  }
}

/** @throws SwarmFailure when `holds` is false */
export function hold(phase: SwarmPhase, holds: boolean, sentence: () => string): asserts holds {
  if (!holds) throw new SwarmFailure(phase, sentence());
}
