import { type Json, type JsonObject, memberOf } from '../../../core/gateway/json.ts';
import { say, type Words } from './words.ts';

/** A limit that a TrafficPolicy may set: its sentence, its fields, and one to begin with. */
export interface LimitPart {
  readonly key: string;
  readonly label: string;
  readonly add: string;
  readonly value: Json;
  readonly sentence: (limit: JsonObject) => Words;
  readonly fields: readonly {
    readonly key: string;
    readonly label: string;
    readonly isNumber: boolean;
    readonly placeholder?: string;
  }[];
}

function shown(limit: JsonObject, key: string, absent = '?'): string {
  const value = memberOf(limit, key);
  return value === undefined || value === null ? absent : String(value);
}

export const LIMITS: readonly LimitPart[] = [
  {
    key: 'rateLimit',
    label: 'Rate',
    add: 'rate limit',
    value: { requests: 100, window: '1s' },
    sentence: (limit) =>
      say`${shown(limit, 'requests')} requests each ${shown(limit, 'window')}, ${shown(limit, 'burst', shown(limit, 'requests'))} at once; beyond: 429`,
    fields: [
      { key: 'requests', label: 'Requests', isNumber: true },
      { key: 'window', label: 'Each', isNumber: false, placeholder: '1s' },
      { key: 'burst', label: 'At once', isNumber: true, placeholder: 'as many as the requests' },
    ],
  },
  {
    key: 'concurrency',
    label: 'In flight',
    add: 'limit in flight',
    value: { maxRequests: 200 },
    sentence: (limit) =>
      memberOf(limit, 'shedFromPercent') === undefined
        ? say`at most ${shown(limit, 'maxRequests')} requests at a time; beyond: 503`
        : say`at most ${shown(limit, 'maxRequests')} requests at a time, shedding from ${shown(limit, 'shedFromPercent')} % on; beyond: 503`,
    fields: [
      { key: 'maxRequests', label: 'Requests', isNumber: true },
      {
        key: 'shedFromPercent',
        label: 'Shed from %',
        isNumber: true,
        placeholder: '100: none before the limit',
      },
    ],
  },
  {
    key: 'circuitBreaker',
    label: 'Breaker',
    add: 'circuit breaker',
    value: { failurePercent: 50 },
    sentence: (limit) =>
      say`opens at ${shown(limit, 'failurePercent')} % failures in ${shown(limit, 'interval', '10s')} for ${shown(limit, 'openFor', '30s')}; meanwhile: 503`,
    fields: [
      { key: 'failurePercent', label: 'Failures %', isNumber: true },
      { key: 'minRequests', label: 'Judged from', isNumber: true, placeholder: '20 requests' },
      { key: 'interval', label: 'Counted for', isNumber: false, placeholder: '10s' },
      { key: 'openFor', label: 'Open for', isNumber: false, placeholder: '30s' },
    ],
  },
  {
    key: 'retryBudget',
    label: 'Retries',
    add: 'retry budget',
    value: { percent: 20 },
    sentence: (limit) =>
      say`at most ${shown(limit, 'percent')} % of requests, but ${shown(limit, 'minRetriesPerSecond', '3')} a second always`,
    fields: [
      { key: 'percent', label: 'Percent', isNumber: true },
      { key: 'minRetriesPerSecond', label: 'Each second', isNumber: true, placeholder: '3' },
    ],
  },
];
