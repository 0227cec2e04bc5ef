/** Every cap and time-out of a data-plane node, with its unit, in one place. */

/** A connect that has not opened by then is given up. */
export const NODE_CONNECT_TIMEOUT_MS = 5_000;
/** A control plane that has not said `welcome` by then is left. */
export const NODE_WELCOME_TIMEOUT_MS = 10_000;
/** A heartbeat that no `current` answered by then ends the link. */
export const NODE_CURRENT_TIMEOUT_MS = 5_000;
/** First bound of the reconnect draw; it doubles with every failure. */
export const NODE_BACKOFF_BASE_MS = 200;
/** Largest bound of the reconnect draw. */
export const NODE_BACKOFF_CAP_MS = 10_000;
/** First bound of the wait before a node whose disk refused a config asks again; it doubles. */
export const NODE_STORAGE_RETRY_BASE_MS = 10_000;
/** Largest bound of that wait. */
export const NODE_STORAGE_RETRY_CAP_MS = 120_000;
/** Heartbeats leave this much earlier or later than asked, so that a fleet does not beat as one. */
export const NODE_HEARTBEAT_JITTER_PERCENT = 10;
/** What is served is hashed anew from its bodies this often … */
export const NODE_SCRUB_PERIOD_MS = 600_000;
/** … and so much sooner or later. */
export const NODE_SCRUB_JITTER_PERCENT = 10;
/** A config that was replaced is kept this long for requests that began on it. */
export const NODE_DRAIN_MS = 5_000;
/** Entries a node keeps of what happened to it. */
export const NODE_LOG_ENTRIES_MAX = 32;
/** Characters of one entry. */
export const NODE_LOG_TEXT_CHARS_MAX = 300;
/** Encoded text in one `config-chunk`; the frame's other fields need the rest of the 64 KiB. */
export const NODE_CONFIG_CHUNK_BYTES_MAX = 56 * 1024;
/** Longest wait that a `retry-later` can ask for. */
export const NODE_RETRY_LATER_MS_MAX = 60_000;
/** Longest time between heartbeats that a `welcome` can ask for. */
export const NODE_HEARTBEAT_MS_MAX = 600_000;
/**
 * A node that has heard no welcome for about `afterMs`, since its start or its last link, reads the
 * snapshot store, and again about every `everyMs`, for as long as that lasts.
 */
export const NODE_STORE_TIMING = { afterMs: 5_000, everyMs: 30_000 } as const;
/** Both are this much shorter or longer, so that a fleet does not read as one. */
export const NODE_STORE_JITTER_PERCENT = 20;
