/** Every cap of the fleet's disk file, with its unit. */

/** The file never grows beyond this; a persist that would is refused. */
export const FLEET_DISK_BYTES_MAX = 1024 * 1024 * 1024;
/** Below this the file is not rewritten while the simulator runs. */
export const COMPACTION_BYTES_MIN = 16 * 1024 * 1024;
/** The file is rewritten when it is this many times what is still needed. */
export const COMPACTION_LIVE_RATIO = 4;
/** At open, a file with less waste than this is left as it is. */
export const COMPACTION_AT_OPEN_WASTE_BYTES = 1024 * 1024;
/** Longest payload of one record. */
export const DISK_RECORD_BYTES_MAX = 32 * 1024 * 1024;
/** Manifests that one manifest builds on, at most. */
export const MANIFEST_CHAIN_MAX = 16;
/** Nodes named in one pointer or tombstone record. */
export const NODES_PER_RECORD_MAX = 1_000;
/** Configs kept in memory after reading, so that a fleet that restarts reads each once. */
export const LOADED_CONFIGS_MAX = 8;
