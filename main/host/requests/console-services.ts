import type { z } from 'zod';
import type { Result } from '../../../core/lib/result.ts';
import type {
  ConsoleMethod,
  ConsoleRefusal,
  ConsoleResults,
  consoleRequestSchemas,
} from '../../../core/protocol/console-api.ts';
import type { ConsoleStatus } from '../../../core/protocol/console-model.ts';
import type { BlameKeeper } from '../blame-keeper.ts';
import type { ConfigTexts } from '../config-texts.ts';
import type { ControlPlaneLink } from '../control-plane-link.ts';
import type { DraftKeeper } from '../draft-keeper.ts';
import type { EventLog } from '../event-log.ts';
import type { FleetModel } from '../fleet-model.ts';
import type { FleetShapeReader } from '../fleet-shape-reader.ts';
import type { ForecastFollower } from '../forecast-follower.ts';
import type { ForecastKeeper } from '../forecast-keeper.ts';
import type { HostLifecycle } from '../host-lifecycle.ts';
import type { HostSettings } from '../host-settings.ts';
import type { Publisher } from '../publisher.ts';
import type { Rehearser } from '../rehearser.ts';
import type { SimulatorLink } from '../simulator-link.ts';

/** What request handlers work with. */
export interface ConsoleServices {
  readonly nowMs: () => number;
  /** Who sits at this console: the operating system's user. */
  readonly operator: string;
  readonly model: FleetModel;
  readonly events: EventLog;
  readonly drafts: DraftKeeper;
  readonly blame: BlameKeeper;
  readonly settings: HostSettings;
  readonly texts: ConfigTexts;
  readonly controlPlane: ControlPlaneLink;
  readonly simulator: SimulatorLink;
  readonly publisher: Publisher;
  readonly lifecycle: HostLifecycle;
  readonly status: () => ConsoleStatus;
  readonly shapes: FleetShapeReader;
  readonly rehearser: Rehearser;
  readonly forecasts: ForecastKeeper;
  readonly forecastFollower: ForecastFollower;
}

export type RequestAnswer<M extends ConsoleMethod> = Result<ConsoleResults[M], ConsoleRefusal>;

/** One handler a method; `M` is what one file takes care of. `gone` tells that the client that asked is gone. */
export type RequestHandlers<M extends ConsoleMethod> = {
  readonly [K in M]: (
    params: z.output<(typeof consoleRequestSchemas)[K]>,
    gone: AbortSignal,
  ) => RequestAnswer<K> | Promise<RequestAnswer<K>>;
};
