import { z } from 'zod';
import { createConfigAnalyzer } from './config-analyzer.ts';
import type { ConfigWorkerRequest, ConfigWorkerResponse } from './config-worker-messages.ts';

// The page's policy forbids eval, which zod's compiled schemas need.
z.config({ jitless: true });

const analyzer = createConfigAnalyzer();

function answer(response: ConfigWorkerResponse): void {
  self.postMessage(response);
}

self.addEventListener('message', (event: MessageEvent<ConfigWorkerRequest>) => {
  const request = event.data;
  switch (request.type) {
    case 'set-reference':
      analyzer.setReference(request.name, request.text);
      return;
    case 'analyze':
      answer({ type: 'analyzed', id: request.id, analysis: analyzer.analyze(request.text) });
      return;
    case 'preview':
      answer({
        type: 'previewed',
        id: request.id,
        preview: analyzer.preview(request.text, request.into),
      });
      return;
    case 'rebase': {
      const outcome = analyzer.rebase(request.text, request.choices);
      answer({ type: 'rebased', id: request.id, outcome });
      return;
    }
    case 'find-source': {
      const found = analyzer.findSource(request.name, request.key);
      answer({ type: 'found-source', id: request.id, found });
      return;
    }
    case 'rename': {
      const renaming = analyzer.rename(request.text, request.key, request.name);
      answer({ type: 'renamed', id: request.id, renaming });
      return;
    }
    case 'restore': {
      const restored = analyzer.restore(request.text, request.from, request.keys);
      answer({ type: 'restored', id: request.id, restored });
      return;
    }
    case 'compare-requests': {
      const comparison = analyzer.compareRequests(request.text, Date.now());
      answer({ type: 'compared', id: request.id, comparison });
      return;
    }
    case 'explain': {
      const { text, request: asked, cell, atMs } = request;
      const explained = analyzer.explain(text, asked, { cell, atMs });
      answer({ type: 'explained', id: request.id, explained });
      return;
    }
  }
});
