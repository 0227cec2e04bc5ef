/** Every cap and time-out of the console host, with its unit, in one place. */

/** A child that is not ready by then is killed and counted as down. */
export const CHILD_START_TIMEOUT_MS = 20_000;
/** Time a child has to end by itself when it is told to. */
export const CHILD_STOP_GRACE_MS = 1_000;
/** Time to wait for the operating system to report a killed child. */
export const CHILD_KILL_TIMEOUT_MS = 3_000;
/** Waits before the simulator is started again, by how many times it died in a short while. */
export const RESTART_BACKOFF_MS: readonly number[] = [100, 500, 2_000, 5_000, 15_000];
/** A child that stayed up this long is forgiven its earlier deaths. */
export const RESTART_FORGIVEN_AFTER_MS = 60_000;

/** Requests to one child that wait for an answer. */
export const CHILD_REQUESTS_PENDING_MAX = 256;
export const CHILD_REQUEST_TIMEOUT_MS = 10_000;
/** Publishing, adopting and copying a database may take longer. */
export const CHILD_SLOW_REQUEST_TIMEOUT_MS = 45_000;

export const HEARTBEAT_MS = 10_000;
export const CONVERGENCE_DEADLINE_MS = 30_000;
export const BELIEF_INTERVAL_MS = 250;
export const TELEMETRY_INTERVAL_MS = 250;
/** Requests a second that each simulated node is asked. */
export const REQUESTS_PER_SECOND_A_NODE = 20;

/** Without a sample for this long, what is shown is made from the last one. */
export const TELEMETRY_SILENCE_MS = 1_000;
/** A process that is up and says nothing for this long does not answer. */
export const CHILD_SILENCE_MS = 5_000;
/** The same for a control plane that reads a large config or copies its file. */
export const CHILD_SILENCE_BUSY_MS = 20_000;
/** Shortest time between two items of one stream. */
export const STREAM_INTERVAL_MS = 250;
/** An unchanged status is sent again after this. */
export const STATUS_REFRESH_MS = 1_000;
/** Traffic steps kept: ten minutes. */
export const TRAFFIC_STEPS_MAX = 600;
/** Events that follow a subscription. */
export const EVENTS_ON_SUBSCRIBE = 200;
/** Standing faults at a time. */
export const FAULTS_MAX = 64;

/** Clients of the console API at a time. */
export const CONSOLE_CLIENTS_MAX = 64;
/** Requests that one client may have open. */
export const CLIENT_REQUESTS_OPEN_MAX = 64;
/** A client with more than this unsent gets no fleet frames until it has caught up. */
export const CLIENT_BUFFER_BYTES_MAX = 2 * 1024 * 1024;
/** A client with more than this unsent is closed. */
export const CLIENT_BUFFER_BYTES_FATAL = 64 * 1024 * 1024;

/** Events waiting to be written. */
export const EVENT_QUEUE_MAX = 2_000;
/** How long events wait, so that many are written at once. */
export const EVENT_FLUSH_MS = 100;
