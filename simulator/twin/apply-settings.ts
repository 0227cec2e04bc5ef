import { err, ok, type Result } from '../../core/lib/result.ts';
import { MICROS_PER_MS } from '../../core/ports/clock.ts';
import {
  type ChosenSettings,
  settingsConflict,
  TWIN_SETTING_KEYS,
  type TwinSettings,
} from '../../core/protocol/twin-settings.ts';
import { TWIN_CONTROL_PLANE_SETTINGS, type TwinOptions } from './twin-options.ts';

/** The settings that a run with these options has. */
export function settingsOf(options: TwinOptions): TwinSettings {
  const control = { ...TWIN_CONTROL_PLANE_SETTINGS, ...options.settings };
  return {
    heartbeatMs: options.heartbeatMs,
    answerTimeoutMs: control.answerTimeoutUs / MICROS_PER_MS,
    connectionAgeMs: control.connectionAgeUs / MICROS_PER_MS,
    debounceQuietMs: control.debounceQuietUs / MICROS_PER_MS,
    debounceMaxMs: control.debounceMaxUs / MICROS_PER_MS,
    handshakesMax: control.handshakesMax,
    fullPushesInFlightMax: control.fullPushesInFlightMax,
    fullPushesQueuedMax: control.fullPushesQueuedMax,
    retryAfterMsMin: control.retryAfterMsMin,
    retryAfterMsMax: control.retryAfterMsMax,
    snapshotIntervalMs: (control.snapshotIntervalUs ?? 0) / MICROS_PER_MS,
    linkLatencyUs: options.link.latencyUs,
    linkJitterUs: options.link.jitterUs,
    requestsPerSecond: options.requestsPerSecond,
  };
}

/** The same run under other settings; the error is a sentence. */
export function withSettings(
  options: TwinOptions,
  chosen: ChosenSettings,
): Result<TwinOptions, string> {
  const all = settingsOf(options);
  for (const key of TWIN_SETTING_KEYS) all[key] = chosen[key] ?? all[key];
  const conflict = settingsConflict(all);
  if (conflict !== null) return err(conflict);
  return ok({
    ...options,
    heartbeatMs: all.heartbeatMs,
    link: { latencyUs: all.linkLatencyUs, jitterUs: all.linkJitterUs },
    requestsPerSecond: all.requestsPerSecond,
    settings: {
      ...options.settings,
      answerTimeoutUs: all.answerTimeoutMs * MICROS_PER_MS,
      connectionAgeUs: all.connectionAgeMs * MICROS_PER_MS,
      debounceQuietUs: all.debounceQuietMs * MICROS_PER_MS,
      debounceMaxUs: all.debounceMaxMs * MICROS_PER_MS,
      handshakesMax: all.handshakesMax,
      fullPushesInFlightMax: all.fullPushesInFlightMax,
      fullPushesQueuedMax: all.fullPushesQueuedMax,
      retryAfterMsMin: all.retryAfterMsMin,
      retryAfterMsMax: all.retryAfterMsMax,
      snapshotIntervalUs:
        all.snapshotIntervalMs === 0 ? null : all.snapshotIntervalMs * MICROS_PER_MS,
    },
  });
}
