import { create } from 'zustand';
import type { NodeId } from '../../core/config/ids.ts';
import type { FleetFrame } from '../../core/fleet/frame.ts';
import type { RehearsalProgress } from '../../core/protocol/console-api.ts';
import type {
  ConsoleEvent,
  ConsoleStatus,
  RosterMessage,
  TrafficSample,
} from '../../core/protocol/console-model.ts';
import type { ConvergenceReport } from '../../core/protocol/control-plane-control.ts';
import type { ViewId } from '../views.ts';

export type ThemeChoice = 'dark' | 'light' | 'system';
/** `silent`: open by its own account, and nothing has come for a while. */
export type ConnectionState = 'connecting' | 'open' | 'silent' | 'closed';

/** What the renderer knows. Nothing here is the only copy of anything. */
export interface ConsoleState {
  readonly connection: ConnectionState;
  /** Why the connection is not open, in words. */
  readonly connectionDetail: string;
  /** Since when it is open, or when it was last heard, milliseconds since the epoch. */
  readonly connectionSinceMs: number;
  readonly status: ConsoleStatus | null;
  readonly roster: RosterMessage | null;
  /** The latest frame. Its columns are never written to. */
  readonly frame: FleetFrame | null;
  /** Grows by one with every frame. */
  readonly frameSeq: number;
  /** Oldest first, at most `EVENTS_KEPT_MAX`. */
  readonly events: readonly ConsoleEvent[];
  /** Of the newest revision. */
  readonly convergence: ConvergenceReport | null;
  /** Oldest first, at most `TRAFFIC_KEPT_MAX`. */
  readonly traffic: readonly TrafficSample[];
  /** Of the rehearsal that runs, whoever began it; null: none does. */
  readonly rehearsal: RehearsalProgress | null;
  readonly selectedNodeId: NodeId | null;
  readonly theme: ThemeChoice;
  readonly view: ViewId;
}

/** State of the whole console, for components: `useConsole((state) => state.status)`. */
export const useConsole = create<ConsoleState>()(() => ({
  connection: 'connecting',
  connectionDetail: '',
  connectionSinceMs: Date.now(),
  status: null,
  roster: null,
  frame: null,
  frameSeq: 0,
  events: [],
  convergence: null,
  traffic: [],
  rehearsal: null,
  selectedNodeId: null,
  theme: 'system',
  view: 'fleet',
}));

/** Opens a view; the address keeps it for reloads. */
export function openView(view: ViewId): void {
  useConsole.setState({ view });
  window.history.replaceState(null, '', `#/${view}`);
}

/** Selects a node, or none. */
export function selectNode(selectedNodeId: NodeId | null): void {
  useConsole.setState({ selectedNodeId });
}
