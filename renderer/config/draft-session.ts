import { getClient } from '../client.ts';
import { useConsole } from '../state/console-store.ts';
import { DraftController } from './draft-controller.ts';

let controller: DraftController | null = null;

/**
 * The draft of this page. It begins with the first use and lasts as long as the page, so that
 * changing views neither loses nor delays a save.
 */
export function getDraftController(): DraftController {
  if (controller !== null) return controller;
  const started = new DraftController(getClient());
  controller = started;
  void started.load();
  useConsole.subscribe((state, before) => {
    if (state.connection === 'open' && before.connection !== 'open') void started.load();
    if (state.status !== null && state.status !== before.status)
      started.statusChanged(state.status);
  });
  window.addEventListener('pagehide', () => started.flush());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') started.flush();
  });
  return started;
}
