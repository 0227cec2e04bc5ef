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
      answer({ type: 'previewed', id: request.id, preview: analyzer.preview(request.text) });
      return;
    case 'rebase':
      answer({ type: 'rebased', id: request.id, outcome: analyzer.rebase(request.text) });
      return;
  }
});
