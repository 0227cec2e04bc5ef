/** Every cap and time-out of rehearsals in the console host, with its unit. */

/** Wall time after which no further seed is begun, unless the client says otherwise. */
export const REHEARSAL_BUDGET_MS = 5_000;
/** Time beyond the budget for the process to start, to end its last seed and to hand over. */
export const REHEARSAL_GRACE_MS = 20_000;
/** Time that a process which was told to stop has to say what it did. */
export const REHEARSAL_STOP_MS_MAX = 2_000;
/** Time for a killed process to be gone. */
export const REHEARSAL_KILL_MS_MAX = 2_000;
/** Rehearsals are repeatable: the same text on the same fleet begins with the same seed. */
export const REHEARSAL_FIRST_SEED = 1;

/** Config texts in one fleet shape, together. */
export const SHAPE_TEXTS_BYTES_MAX = 16 * 1024 * 1024;
/** Texts of earlier heads that are remembered for when the control plane is down. */
export const TEXTS_REMEMBERED_MAX = 8;

/** Rehearsals that wait for the publish of their text; the oldest is forgotten. */
export const REHEARSALS_REMEMBERED_MAX = 8;
/** Sentences of what changed between a rehearsal and its publish. */
export const CHANGES_NAMED_MAX = 12;
/** Characters of what a node says of a refused resource, in a kept forecast. */
export const KEPT_DETAIL_CHARS_MAX = 500;
/** Chosen faults named in a kept forecast, and the characters of each. */
export const KEPT_FAULTS_MAX = 100;
export const KEPT_FAULT_CHARS_MAX = 200;
