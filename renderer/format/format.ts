/** Numbers and times for people: thousands separated, units always, no more digits than measured. */

const DASH = '–';

/** `12,345` */
export function formatCount(value: number): string {
  const digits = Math.round(Math.abs(value)).toString();
  const grouped = digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return value < 0 && grouped !== '0' ? `−${grouped}` : grouped;
}

/** `1 node`, `2,000 nodes` */
export function formatNodes(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'node' : 'nodes'}`;
}

/** `20.1k`, `3.4M`; below ten thousand in full. */
export function formatShort(value: number): string {
  const size = Math.abs(value);
  if (size < 10_000) return formatCount(value);
  if (size < 999_500) return `${(value / 1_000).toFixed(size < 99_950 ? 1 : 0)}k`;
  return `${(value / 1_000_000).toFixed(1)}M`;
}

/**
 * `100 %`, `99.9 %`, `–` for null. Rounds away from the ends: `100 %` and `0 %` are said only when
 * they are exact.
 */
export function formatPercent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return DASH;
  if (share >= 1) return '100 %';
  if (share <= 0) return '0 %';
  const tenths = Math.min(999, Math.max(1, Math.floor(share * 1_000)));
  return tenths % 10 === 0 ? `${tenths / 10} %` : `${(tenths / 10).toFixed(1)} %`;
}

/** Time that runs: `0:42`, `12:03`, `3:04:05`, `3 d 4 h`. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const s = (seconds % 60).toString().padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}:${(minutes % 60).toString().padStart(2, '0')}:${s}`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A measured duration: `0.34 s`, `12.4 s`, `2:05`; `–` for null. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return DASH;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1_000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  return formatClock(ms);
}

/** A duration that was set, in the coarsest exact unit: `400 ms`, `30 s`, `5 min`, `2 h`. */
export function formatSpan(ms: number): string {
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  if (ms >= 1_000 && ms % 1_000 === 0) return `${ms / 1_000} s`;
  return ms < 1_000 ? `${formatCount(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** `0.8 kB`, `412 kB`, `1.9 MB`: decimal, as networks count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${formatCount(bytes)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value).toString()} ${units[unit] ?? ''}`;
}

/** Local time of day, `14:07:18`. */
export function formatTime(atMs: number): string {
  const at = new Date(atMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Local time of day, `14:07`. */
export function formatMinute(atMs: number): string {
  const at = new Date(atMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `14:07:18` today, `2026-11-20 14:07` on any other day. */
export function formatInstant(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  if (at.toDateString() === new Date(nowMs).toDateString()) return formatTime(atMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${formatMinute(atMs)}`;
}

/** `r128`; `built-in` for 0, the default that a node serves when it has nothing else. */
export function formatRevision(revision: number): string {
  return revision === 0 ? 'built-in' : `r${revision}`;
}

function two(value: number): string {
  return value.toString().padStart(2, '0');
}
