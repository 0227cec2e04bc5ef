import { z } from 'zod';

/** What of a twin's world can be set for a run: the policies that an operator could choose otherwise. */

export interface TwinSetting {
  /** How a person names it, without its unit. */
  readonly name: string;
  readonly unit: 'microseconds' | 'milliseconds' | 'count';
  readonly min: number;
  readonly max: number;
  readonly meaning: string;
}

/** By their names in a record of settings, which end in the unit. */
export const TWIN_SETTINGS = {
  heartbeatMs: {
    name: 'heartbeat',
    unit: 'milliseconds',
    min: 100,
    max: 600_000,
    meaning: 'how often a node says that it is there',
  },
  answerTimeoutMs: {
    name: 'answer-deadline',
    unit: 'milliseconds',
    min: 100,
    max: 600_000,
    meaning: 'how long a push may stay unanswered before its connection is closed',
  },
  connectionAgeMs: {
    name: 'connection-age',
    unit: 'milliseconds',
    min: 1_000,
    max: 86_400_000,
    meaning: 'how long a connection lives, give or take a tenth',
  },
  debounceQuietMs: {
    name: 'debounce-quiet',
    unit: 'milliseconds',
    min: 0,
    max: 60_000,
    meaning: 'publishes are gathered until none came for this long',
  },
  debounceMaxMs: {
    name: 'debounce-max',
    unit: 'milliseconds',
    min: 0,
    max: 600_000,
    meaning: 'longest that publishes are gathered',
  },
  handshakesMax: {
    name: 'handshakes',
    unit: 'count',
    min: 1,
    max: 100_000,
    meaning: 'connections that may be without their hello at a time',
  },
  fullPushesInFlightMax: {
    name: 'full-pushes',
    unit: 'count',
    min: 1,
    max: 100_000,
    meaning: 'full pushes that may be unanswered at a time',
  },
  fullPushesQueuedMax: {
    name: 'full-pushes-queued',
    unit: 'count',
    min: 0,
    max: 100_000,
    meaning: 'nodes that may wait for a full push; others are told to come again later',
  },
  retryAfterMsMin: {
    name: 'retry-after-min',
    unit: 'milliseconds',
    min: 1,
    max: 60_000,
    meaning: 'shortest wait that a node is asked for when it is to come again later',
  },
  retryAfterMsMax: {
    name: 'retry-after-max',
    unit: 'milliseconds',
    min: 1,
    max: 60_000,
    meaning: 'longest such wait',
  },
  snapshotIntervalMs: {
    name: 'snapshot-interval',
    unit: 'milliseconds',
    min: 0,
    max: 3_600_000,
    meaning: 'how often the head is dumped to the snapshot store; 0: there is none',
  },
  linkLatencyUs: {
    name: 'link-latency',
    unit: 'microseconds',
    min: 0,
    max: 60_000_000,
    meaning: 'each way, on every link, without faults',
  },
  linkJitterUs: {
    name: 'link-jitter',
    unit: 'microseconds',
    min: 0,
    max: 60_000_000,
    meaning: 'added to each frame, anything up to this',
  },
  requestsPerSecond: {
    name: 'requests-per-second',
    unit: 'count',
    min: 0,
    max: 1_000,
    meaning: 'requests at each node; 0: no traffic',
  },
} as const satisfies Readonly<Record<string, TwinSetting>>;

export type TwinSettingKey = keyof typeof TWIN_SETTINGS;

/** Every setting of a run. */
export const twinSettingsSchema = z.strictObject({
  heartbeatMs: within(TWIN_SETTINGS.heartbeatMs),
  answerTimeoutMs: within(TWIN_SETTINGS.answerTimeoutMs),
  connectionAgeMs: within(TWIN_SETTINGS.connectionAgeMs),
  debounceQuietMs: within(TWIN_SETTINGS.debounceQuietMs),
  debounceMaxMs: within(TWIN_SETTINGS.debounceMaxMs),
  handshakesMax: within(TWIN_SETTINGS.handshakesMax),
  fullPushesInFlightMax: within(TWIN_SETTINGS.fullPushesInFlightMax),
  fullPushesQueuedMax: within(TWIN_SETTINGS.fullPushesQueuedMax),
  retryAfterMsMin: within(TWIN_SETTINGS.retryAfterMsMin),
  retryAfterMsMax: within(TWIN_SETTINGS.retryAfterMsMax),
  snapshotIntervalMs: within(TWIN_SETTINGS.snapshotIntervalMs),
  linkLatencyUs: within(TWIN_SETTINGS.linkLatencyUs),
  linkJitterUs: within(TWIN_SETTINGS.linkJitterUs),
  requestsPerSecond: within(TWIN_SETTINGS.requestsPerSecond),
});
export type TwinSettings = z.output<typeof twinSettingsSchema>;

/** Those that are to be other than they are without a word. */
export const chosenSettingsSchema = twinSettingsSchema.partial();
export type ChosenSettings = z.output<typeof chosenSettingsSchema>;

export const TWIN_SETTING_KEYS: readonly TwinSettingKey[] = twinSettingsSchema.keyof().options;

/** What keeps settings from being used together, in a sentence; null: nothing. */
export function settingsConflict(settings: TwinSettings): string | null {
  return (
    orderConflict(settings, 'debounceQuietMs', 'debounceMaxMs') ??
    orderConflict(settings, 'retryAfterMsMin', 'retryAfterMsMax')
  );
}

function orderConflict(
  settings: TwinSettings,
  lower: TwinSettingKey,
  upper: TwinSettingKey,
): string | null {
  if (settings[lower] <= settings[upper]) return null;
  const named = (key: TwinSettingKey) => `${TWIN_SETTINGS[key].name} of ${settings[key]} ms`;
  return `A ${named(lower)} is more than a ${named(upper)}; choose a smaller one, or set both.`;
}

function within({ min, max }: TwinSetting) {
  return z.int().min(min).max(max);
}
