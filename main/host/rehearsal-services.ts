import type { Lineage } from '../../core/config/ids.ts';
import type { EventLog } from './event-log.ts';
import { fleetFactsOf } from './fleet-facts.ts';
import { FleetShapeReader, type FleetShapeReaderInput } from './fleet-shape-reader.ts';
import { ForecastFollower } from './forecast-follower.ts';
import { ForecastKeeper } from './forecast-keeper.ts';
import type { PublisherInput } from './publisher.ts';
import { Rehearser, type RehearserInput } from './rehearser.ts';
import { RevisionTexts } from './revision-texts.ts';
import type { ConsoleStore } from './store/console-store.ts';

export interface RehearsalServicesInput
  extends Omit<FleetShapeReaderInput, 'revisionTexts'>,
    Pick<RehearserInput, 'spawner' | 'onProgress'> {
  readonly store: ConsoleStore;
  readonly events: EventLog;
  readonly lineage: () => Lineage | null;
}

export interface RehearsalServices {
  readonly shapes: FleetShapeReader;
  readonly rehearser: Rehearser;
  readonly forecasts: ForecastKeeper;
  readonly forecastFollower: ForecastFollower;
  readonly onHead: PublisherInput['onHead'];
  /** Everything was reset: neither a rehearsal nor a forecast is of this fleet. */
  readonly forget: () => void;
}

/** All that rehearses, and all that remembers what was rehearsed. */
export function createRehearsalServices(input: RehearsalServicesInput): RehearsalServices {
  const { store, events, model } = input;
  const revisionTexts = new RevisionTexts(input.controlPlane);
  const forecasts = new ForecastKeeper({
    store,
    isOfHistory: (row) => model.hasRevision(row),
    onLost: (revision, why) =>
      events.add({
        kind: 'note',
        severity: 'warning',
        title: `The forecast of r${revision} is kept until the console stops, and no longer`,
        detail: `The console’s own file would not take it: ${why}.`,
        subject: `r${revision}`,
      }),
  });
  const shapes = new FleetShapeReader({ ...input, revisionTexts });
  const rehearser = new Rehearser({ ...input, shapes, forecasts });
  return {
    shapes,
    rehearser,
    forecasts,
    forecastFollower: new ForecastFollower({ ...input, forecasts }),
    onHead(head) {
      // Nodes serve the head before this one for a while, and it may be wanted when nobody can be asked.
      if (model.head !== null) revisionTexts.remember(model.head);
      forecasts.published({ ...head, facts: fleetFactsOf(model) });
    },
    forget() {
      rehearser.cancel();
      forecasts.forget();
    },
  };
}
