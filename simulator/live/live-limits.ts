/** Every cap and period of the live simulator, with its unit. */

/** Connects under way at a time; the rest of the fleet waits its turn. */
export const CONNECTS_UNDER_WAY_MAX = 500;
/** First connects of a fleet are spread over this long. */
export const START_SPREAD_MS = 1_000;
/** A restarted node is down at least this long … */
export const BOOT_MS_MIN = 200;
/** … and at most this long. */
export const BOOT_MS_MAX = 600;
/** Bytes waiting in one link's send buffer; beyond it the link is closed. */
export const LINK_SEND_BUFFER_BYTES_MAX = 16 * 1024 * 1024;
/** Frames held in one direction of a faulted link; beyond it the link is closed. */
export const HELD_FRAMES_MAX = 256;
/** Bytes held in one direction of a faulted link; beyond it the link is closed. */
export const HELD_BYTES_MAX = 20 * 1024 * 1024;
/** Standing faults in force at a time. */
export const ACTIVE_FAULTS_MAX = 64;
/** Distinct frames whose decoding is shared between nodes. */
export const SHARED_FRAMES_MAX = 64;
/** Bytes of frames whose decoding is shared between nodes. */
export const SHARED_FRAMES_BYTES_MAX = 32 * 1024 * 1024;
/** Compiled configs kept; the outcomes of more are kept by the traffic's own tables. */
export const COMPILED_CONFIGS_MAX = 16;
/** A traffic step is worked off in this many slices of the fleet, spread evenly over it. */
export const TRAFFIC_SLICES = 20;
/** Finished traffic steps that wait for the next frame; beyond it the oldest are dropped. */
export const TRAFFIC_STEPS_WAITING_MAX = 120;
/** Frames on their way to the parent; more are left out, for they would be old when they came. */
export const FRAMES_UNSENT_MAX = 2;
/** `node-note` events a second; the rest is counted and said in one. */
export const NODE_NOTES_PER_SECOND_MAX = 20;
