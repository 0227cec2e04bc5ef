import type { Nonce } from '../config/ids.ts';
import type { Deadline } from './deadline-queue.ts';
import type { ConnectionId } from './events.ts';
import type { NodeRecord, Target } from './node-record.ts';

/** What a connected node has been sent and not answered: at most one push. */
export type PushSlot =
  | { readonly state: 'idle' }
  /** Waits for its turn to be sent a full config. */
  | { readonly state: 'queued-full' }
  | { readonly state: 'in-flight'; readonly nonce: Nonce; readonly target: Target };

export interface AwaitingHello {
  readonly state: 'awaiting-hello';
  readonly connectionId: ConnectionId;
}

export interface Connected {
  readonly state: 'connected';
  readonly connectionId: ConnectionId;
  readonly node: NodeRecord;
  /** Begins anew with all that is heard of the node. */
  readonly heartbeatDue: Deadline<ConnectionId>;
  slot: PushSlot;
  pushesSent: number;
  /** Its age is up, and it is closed as soon as nothing is under way on it. */
  isOverAge: boolean;
}

export type Session = AwaitingHello | Connected;

export const IDLE: PushSlot = { state: 'idle' };
