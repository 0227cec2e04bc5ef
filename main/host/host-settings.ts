import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { STALENESS_BUDGET_DEFAULT } from '../../core/fleet/staleness.ts';
import type { StalenessBudget } from '../../core/protocol/console-model.ts';
import { type RequestShape, requestShapeSchema } from '../../core/protocol/simulator-control.ts';
import type { ConsoleStore } from './store/console-store.ts';

const FLEET_TOKEN_BYTES = 32;

const budgetSchema = z.object({
  lagRevisions: z.int().min(1),
  lagMs: z.int().min(1_000),
  unverifiedMs: z.int().min(1_000),
});

const firstRunSchema = z.object({
  nodes: z.int().min(0),
  cells: z.int().min(1),
  seed: z.int().min(0),
  /** What the config is called in messages; null: the sample. */
  configName: z.string().nullable(),
  configText: z.string().nullable(),
});
/** How the fleet was asked for when this data directory was new; a reset asks so again. */
export type FirstRun = z.output<typeof firstRunSchema>;

/** The host's settings, typed, in its own file. */
export class HostSettings {
  readonly #store: ConsoleStore;
  /** Shared with the nodes; never logged. */
  readonly fleetToken: string;

  constructor(store: ConsoleStore) {
    this.#store = store;
    const token = store.setting('fleet-token');
    this.fleetToken = token ?? randomBytes(FLEET_TOKEN_BYTES).toString('hex');
    if (token === null) store.setSetting('fleet-token', this.fleetToken);
  }

  get firstRun(): FirstRun | null {
    return this.#read('first-run', firstRunSchema);
  }
  set firstRun(value: FirstRun) {
    this.#write('first-run', value);
  }

  /** Whether inventory and first config were handed over. */
  get isProvisioned(): boolean {
    return this.#store.setting('provisioned') === 'yes';
  }
  set isProvisioned(value: boolean) {
    this.#store.setSetting('provisioned', value ? 'yes' : 'no');
  }

  /** Where nodes connect; kept, so that they find a control plane that was started again. */
  get nodePort(): number | null {
    return this.#read('node-port', z.int().min(1).max(65_535));
  }
  set nodePort(value: number) {
    this.#write('node-port', value);
  }

  get budget(): StalenessBudget {
    return this.#read('budget', budgetSchema) ?? STALENESS_BUDGET_DEFAULT;
  }
  set budget(value: StalenessBudget) {
    this.#write('budget', value);
  }

  /** What the fleet is asked; empty until a config has routes. */
  get shapes(): readonly RequestShape[] {
    return this.#read('shapes', z.array(requestShapeSchema)) ?? [];
  }
  set shapes(value: readonly RequestShape[]) {
    this.#write('shapes', value);
  }

  /** The head that a restored backup replaced: its text is what a fleet that is ahead serves. */
  get supersededText(): string | null {
    return this.#store.setting('superseded-text');
  }
  set supersededText(value: string | null) {
    if (value === null) this.#store.deleteSetting('superseded-text');
    else this.#store.setSetting('superseded-text', value);
  }

  /** The first config as it was refused: a draft with this text is the console's, not a person's. */
  get refusedText(): string | null {
    return this.#store.setting('refused-text');
  }
  set refusedText(value: string | null) {
    if (value === null) this.#store.deleteSetting('refused-text');
    else this.#store.setSetting('refused-text', value);
  }

  #read<S extends z.ZodType>(name: string, schema: S): z.output<S> | null {
    const text = this.#store.setting(name);
    if (text === null) return null;
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  }

  #write(name: string, value: unknown): void {
    this.#store.setSetting(name, JSON.stringify(value));
  }
}
