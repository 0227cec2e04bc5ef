import { ok } from '../../../core/lib/result.ts';
import type { ConsoleServices, RequestHandlers } from './console-services.ts';

type RehearsalMethod = 'rehearse' | 'stop-rehearsal' | 'get-forecast' | 'get-fleet-shape';

/** What a publish would come to, tried on a copy of the fleet, and what then came of it. */
export function rehearsalRequests(services: ConsoleServices): RequestHandlers<RehearsalMethod> {
  const { rehearser, forecasts, forecastFollower, shapes } = services;
  return {
    rehearse: (wish, gone) => rehearser.rehearse(wish, gone),
    'stop-rehearsal': () => ok({ stopped: rehearser.stop() }),
    'get-forecast': async ({ revision }) => ok(await forecastFollower.read(revision)),
    'get-fleet-shape': async () => {
      const reading = await shapes.read();
      return reading.ok ? ok({ ...reading.value, record: forecasts.record() }) : reading;
    },
  };
}
