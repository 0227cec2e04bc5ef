/** Every cap and time-out of the wire, with its unit, in one place. */

/** Version spoken on the node link. A node that speaks another is told `incompatible`. */
export const NODE_PROTOCOL_VERSION = 1;
/** WebSocket subprotocol of the node link. */
export const NODE_SUBPROTOCOL = 'holdfast.node.v1';
/** WebSocket subprotocol of the console API. */
export const CONSOLE_SUBPROTOCOL = 'holdfast.console.v1';

/** Largest config text accepted anywhere; more is refused unparsed. */
export const CONFIG_TEXT_BYTES_MAX = 8 * 1024 * 1024;
/** Largest frame the control plane reads from a node. */
export const NODE_TO_CONTROL_PLANE_FRAME_BYTES_MAX = 64 * 1024;
/** Largest frame a node reads from the control plane: a full push of the largest config. */
export const CONTROL_PLANE_TO_NODE_FRAME_BYTES_MAX = 16 * 1024 * 1024;
/** Text carried by one `config-chunk`: it must fit a node's frame after JSON escaping. */
export const CONFIG_CHUNK_CHARS = 24 * 1024;
/** Largest config that is collected from a node for adoption. */
export const ADOPTED_CONFIG_CHARS_MAX = CONFIG_TEXT_BYTES_MAX;
/** Largest frame on the console API, either way. */
export const CONSOLE_FRAME_BYTES_MAX = 24 * 1024 * 1024;
/** Longest name of a node, cell, feature or agent. */
export const NAME_CHARS_MAX = 128;
/** Longest free text: messages, details, reasons. */
export const TEXT_CHARS_MAX = 2_000;
/** Superseded lineages that a `welcome`, or the header of a snapshot, names. */
export const SUPERSEDES_MAX = 16;
/** Rejected resources named in one `nack`; the rest is counted. */
export const NACK_RESOURCES_MAX = 50;
/** Longest search of the history. */
export const SEARCH_CHARS_MAX = 200;
/** Drafts that one operator may have at a time, one for each base. */
export const DRAFTS_PER_OPERATOR_MAX = 50;
/** Nodes in one inventory. */
export const INVENTORY_NODES_MAX = 20_000;
/** Cells in one inventory. */
export const CELLS_MAX = 64;
