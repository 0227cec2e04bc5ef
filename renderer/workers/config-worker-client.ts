import type { ResourceKey } from '../../core/config/ids.ts';
import type { GatewayRequest } from '../../core/gateway/route.ts';
import { err, type Result } from '../../core/lib/result.ts';
import type {
  ConfigAnalysis,
  ConfigPreview,
  ConfigWorkerRequest,
  ConfigWorkerResponse,
  ExplainedRequest,
  FoundSource,
  ReferenceName,
  RequestComparison,
} from './config-worker-messages.ts';
import { LatestRunner } from './latest-runner.ts';
import type { MergeChoices, MergeOutcome } from './merge-draft.ts';
import type { Renaming } from './rename-resource.ts';

export interface ConfigWorkerClient {
  setReference(name: ReferenceName, text: string | null): void;
  /** Answered through `onAnalysis`, unless something newer came meanwhile. */
  analyze(text: string): void;
  /** Null when the worker broke off. */
  preview(text: string, into: string): Promise<ConfigPreview | null>;
  rebase(text: string, choices: MergeChoices): Promise<MergeOutcome | null>;
  /** A document of a reference text; null when it has none of this key. */
  findSource(name: ReferenceName, key: string): Promise<FoundSource | null>;
  rename(text: string, key: string, name: string): Promise<Result<Renaming, string>>;
  restore(
    text: string,
    from: string,
    keys: readonly ResourceKey[],
  ): Promise<Result<string, string>>;
  compareRequests(text: string): Promise<RequestComparison | null>;
  explain(
    text: string,
    request: GatewayRequest,
    context: { readonly cell: string; readonly atMs: number },
  ): Promise<ExplainedRequest | null>;
}

type Waiting = (response: ConfigWorkerResponse | null) => void;

/** Starts the worker at the first use and again after a crash, with the same references. */
export function createConfigWorkerClient(listeners: {
  readonly onAnalysis: (analysis: ConfigAnalysis) => void;
  /** The worker broke off while it looked at a text; in words. */
  readonly onFailure: (detail: string) => void;
}): ConfigWorkerClient {
  let worker: Worker | null = null;
  let lastId = 0;
  const references = new Map<ReferenceName, string | null>();
  const waiting = new Map<number, Waiting>();
  const runner = new LatestRunner<string, ConfigAnalysis>(
    (id, text) => post({ type: 'analyze', id, text }),
    listeners.onAnalysis,
  );

  function start(): Worker {
    const started = new Worker(new URL('./config-worker.ts', import.meta.url), {
      type: 'module',
      name: 'config',
    });
    started.addEventListener('message', (event: MessageEvent<ConfigWorkerResponse>) => {
      const response = event.data;
      if (response.type === 'analyzed') runner.finished(response.id, response.analysis);
      else settle(response.id, response);
    });
    started.addEventListener('error', (event) => {
      event.preventDefault();
      started.terminate();
      worker = null;
      runner.reset();
      for (const id of [...waiting.keys()]) settle(id, null);
      listeners.onFailure(event.message || 'the checker stopped');
    });
    for (const [name, text] of references)
      started.postMessage({ type: 'set-reference', name, text });
    return started;
  }

  function post(request: ConfigWorkerRequest): void {
    worker ??= start();
    worker.postMessage(request);
  }

  function settle(id: number, response: ConfigWorkerResponse | null): void {
    const resolve = waiting.get(id);
    waiting.delete(id);
    resolve?.(response);
  }

  function ask(request: (id: number) => ConfigWorkerRequest): Promise<ConfigWorkerResponse | null> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      post(request(id));
    });
  }

  return {
    setReference(name, text) {
      references.set(name, text);
      worker?.postMessage({ type: 'set-reference', name, text } satisfies ConfigWorkerRequest);
    },
    analyze: (text) => runner.submit(text),
    async preview(text, into) {
      const response = await ask((id) => ({ type: 'preview', id, text, into }));
      return response?.type === 'previewed' ? response.preview : null;
    },
    async rebase(text, choices) {
      const response = await ask((id) => ({ type: 'rebase', id, text, choices }));
      return response?.type === 'rebased' ? response.outcome : null;
    },
    async findSource(name, key) {
      const response = await ask((id) => ({ type: 'find-source', id, name, key }));
      return response?.type === 'found-source' ? response.found : null;
    },
    async rename(text, key, name) {
      const response = await ask((id) => ({ type: 'rename', id, text, key, name }));
      return response?.type === 'renamed' ? response.renaming : err('The checker broke off.');
    },
    async restore(text, from, keys) {
      const response = await ask((id) => ({ type: 'restore', id, text, from, keys }));
      return response?.type === 'restored' ? response.restored : err('The checker broke off.');
    },
    async compareRequests(text) {
      const response = await ask((id) => ({ type: 'compare-requests', id, text }));
      return response?.type === 'compared' ? response.comparison : null;
    },
    async explain(text, request, context) {
      const response = await ask((id) => ({ type: 'explain', id, text, request, ...context }));
      return response?.type === 'explained' ? response.explained : null;
    },
  };
}
