import { create } from 'zustand';
import type { ExplainedRequest } from '../workers/config-worker-messages.ts';
import { useDraft } from './draft-store.ts';

/** Requests remembered of this visit. */
const RECENT_MAX = 12;

/** A request as the form of Try a request holds it. */
export interface TriedRequest {
  readonly method: string;
  readonly url: string;
  /** One `name: value` a line. */
  readonly headers: string;
  /** Empty: no cell in particular. */
  readonly cell: string;
}

export interface TryState {
  readonly request: TriedRequest;
  readonly explained: ExplainedRequest | null;
  /** Why the request cannot be tried, as a sentence. */
  readonly problem: string | null;
  /** Newest first. */
  readonly recent: readonly TriedRequest[];
}

export const useTry = create<TryState>()(() => ({
  request: { method: 'GET', url: '', headers: '', cell: '' },
  explained: null,
  problem: null,
  recent: [],
}));

/** Opens Try a request with a request of a suite or of a list. */
export function tryRequest(request: {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}): void {
  const headers = Object.entries(request.headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
  const { cell } = useTry.getState().request;
  useTry.setState({ request: { method: request.method, url: request.url, headers, cell } });
  useDraft.setState({ tab: 'try' });
}

/** Newest first, each once, up to the bound. */
export function remembered(
  recent: readonly TriedRequest[],
  request: TriedRequest,
): readonly TriedRequest[] {
  const same = (other: TriedRequest) =>
    other.method === request.method &&
    other.url === request.url &&
    other.headers === request.headers &&
    other.cell === request.cell;
  return [request, ...recent.filter((other) => !same(other))].slice(0, RECENT_MAX);
}
