import { registerAction } from '../actions/registry.ts';
import { openView } from '../state/console-store.ts';
import { useHistory } from './history-store.ts';

let registered = false;

/** Registers the actions of history. */
export function registerHistoryActions(): void {
  if (registered) return;
  registered = true;
  registerAction({
    id: 'history.roll-back',
    label: 'Roll back…',
    keywords: ['revert', 'undo', 'revision', 'restore'],
    group: 'Config',
    unavailable: (status) => {
      if (status?.controlPlane.state !== 'up') return 'The control plane is down.';
      return status.head === null ? 'Nothing is published yet.' : null;
    },
    run: () => {
      openView('history');
      useHistory.setState({ rollbackOpen: true });
    },
  });
}
