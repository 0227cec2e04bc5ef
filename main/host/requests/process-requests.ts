import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { err, ok } from '../../../core/lib/result.ts';
import type { ConsoleServices, RequestHandlers } from './console-services.ts';

type ProcessMethod =
  | 'kill-control-plane'
  | 'start-control-plane'
  | 'kill-simulator'
  | 'backup'
  | 'restore'
  | 'reset'
  | 'list-events';

/** Processes and files: to kill, to start, to copy, to begin anew. */
export function processRequests(services: ConsoleServices): RequestHandlers<ProcessMethod> {
  const { lifecycle, controlPlane, events, operator } = services;
  return {
    'kill-control-plane': () => lifecycle.killControlPlane(),
    'start-control-plane': () => lifecycle.startControlPlane(operator),
    'kill-simulator': () => lifecycle.killSimulator(),
    backup: async ({ path }) => {
      const target = resolve(path);
      if (existsSync(target)) {
        return err({
          reason: 'file-failed',
          detail: `${target} exists already; name another file.`,
        });
      }
      const answer = await controlPlane.request({ method: 'backup', path: target });
      if (!answer.ok) return answer;
      const { bytes } = answer.value;
      const title = 'Control plane’s file backed up';
      events.add({
        kind: 'backup-made',
        title,
        detail: `${target}, ${bytes} bytes, by ${operator}.`,
      });
      return ok({ path: target, bytes });
    },
    restore: ({ path }) => lifecycle.restore(resolve(path), operator),
    reset: () => lifecycle.reset(operator),
    'list-events': ({ before, limit }) =>
      ok({ events: events.list(before === undefined ? { limit } : { before, limit }) }),
  };
}
