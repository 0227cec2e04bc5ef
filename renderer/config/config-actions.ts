import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import { registerAction } from '../actions/registry.ts';
import { getHost } from '../host/get-host.ts';
import { askConfirmation } from '../shell/dialogs.ts';
import { notifyDone, notifyRefusal } from '../shell/notify.ts';
import { openView } from '../state/console-store.ts';
import { changesInWords } from './config-words.ts';
import { getDraftController } from './draft-session.ts';
import { showConfigDialog, useDraft } from './draft-store.ts';
import { revisionName } from './publish-availability.ts';
import { useRehearsal } from './rehearsal/rehearsal-store.ts';
import { publishBlocked } from './use-publish-blocked.ts';

let registered = false;

/**
 * Registers the actions of config and draft. Light: neither editor nor worker is loaded before one
 * of them runs.
 */
export function registerConfigActions(): void {
  if (registered) return;
  registered = true;
  registerAction({
    id: 'draft.publish',
    label: 'Publish draft…',
    keywords: ['release', 'revision', 'deploy', 'push'],
    group: 'Config',
    unavailable: unlessPublishable,
    run: () => {
      openView('config');
      if (publishBlocked() === null) showConfigDialog({ kind: 'publish' });
    },
  });
  registerRehearsal();
  registerAction({
    id: 'draft.discard',
    label: 'Discard draft…',
    keywords: ['throw away', 'revert', 'drop', 'reset'],
    group: 'Config',
    unavailable: (status) => (hasDraft(status) ? null : 'There is no draft.'),
    run: askDiscard,
  });
  registerAction({
    id: 'draft.diff',
    label: 'Show diff to head',
    keywords: ['compare', 'changes', 'draft'],
    group: 'Config',
    run: () => {
      openView('config');
      useDraft.setState({ tab: 'diff' });
    },
  });
  registerAction({
    id: 'draft.list',
    label: 'Your drafts…',
    keywords: ['open', 'other', 'base', 'revision', 'switch'],
    group: 'Config',
    run: () => {
      openView('config');
      showConfigDialog({ kind: 'drafts' });
    },
  });
  registerAction({
    id: 'request.try',
    label: 'Try a request',
    keywords: ['route', 'curl', 'test', 'explain', 'suite', 'why'],
    group: 'Config',
    run: () => {
      openView('config');
      useDraft.setState({ tab: 'try' });
    },
  });
  registerAction({
    id: 'draft.undo',
    label: 'Undo the last edit of the draft',
    keywords: ['back', 'revert'],
    group: 'Config',
    unavailable: () => (useDraft.getState().editor === null ? 'The draft is not open.' : null),
    run: () => useDraft.getState().editor?.undo(),
  });
  registerAction({
    id: 'draft.redo',
    label: 'Redo the edit of the draft',
    keywords: ['again'],
    group: 'Config',
    unavailable: () => (useDraft.getState().editor === null ? 'The draft is not open.' : null),
    run: () => useDraft.getState().editor?.redo(),
  });
  registerAction({
    id: 'config.open',
    label: 'Import config file…',
    keywords: ['load', 'import', 'yaml', 'kubernetes'],
    group: 'Config',
    run: openConfigFile,
  });
  registerAction({
    id: 'config.export',
    label: 'Export config…',
    keywords: ['save', 'yaml', 'download', 'draft'],
    group: 'Config',
    run: exportDraft,
  });
  registerAction({
    id: 'config.export-head',
    label: 'Export head…',
    keywords: ['save', 'yaml', 'download', 'published'],
    group: 'Config',
    run: exportHead,
  });
}

function registerRehearsal(): void {
  registerAction({
    id: 'draft.rehearse',
    label: 'Rehearse the draft',
    keywords: ['twin', 'predict', 'forecast', 'simulate', 'dry run', 'try'],
    group: 'Config',
    unavailable: (status) => (hasDraft(status) ? null : 'There is no draft.'),
    run: () => {
      openView('config');
      // What stands against it is said in the dialog, which begins as soon as nothing does.
      useRehearsal.setState({ isWanted: true });
      showConfigDialog({ kind: 'publish' });
    },
  });
}

function hasDraft(status: ConsoleStatus | null): boolean {
  return useDraft.getState().hasDraft || (status?.draft ?? null) !== null;
}

/** Until the draft has been loaded here, the host's word has to do. */
function unlessPublishable(status: ConsoleStatus | null): string | null {
  if (useDraft.getState().phase === 'ready') return publishBlocked();
  if (status?.controlPlane.state !== 'up') return 'The control plane is down.';
  return hasDraft(status) ? null : 'There is no draft.';
}

function askDiscard(): void {
  const { analysis, base } = useDraft.getState();
  const changes = analysis === null ? 'its changes' : changesInWords(analysis.changes);
  askConfirmation({
    title: 'Discard draft',
    touches: `Throws away the draft on ${revisionName(base)} (${changes}). Nothing in the fleet changes. This cannot be undone.`,
    confirmLabel: 'Discard draft',
    run: async () => {
      const discarded = await getDraftController().discard();
      if (discarded.ok) notifyDone('The draft was discarded');
      else notifyRefusal('The draft was not discarded', discarded.error);
    },
  });
}

async function openConfigFile(): Promise<void> {
  const file = await getHost().openFile();
  if (file === null) return;
  const preview = await getDraftController().preview(file.text);
  if (preview === null) {
    notifyRefusal(`${file.name} was not opened`, { detail: 'It could not be read as config.' });
    return;
  }
  // Binary or far too large: the parser names the reason and finds no document.
  if (
    preview.resources + preview.unknown + preview.unreadable === 0 &&
    preview.firstError !== null
  ) {
    notifyRefusal(`${file.name} was not opened`, { detail: preview.firstError.message });
    return;
  }
  openView('config');
  showConfigDialog({ kind: 'open-file', name: file.name, text: file.text, preview });
}

async function exportDraft(): Promise<void> {
  const controller = getDraftController();
  const state = useDraft.getState();
  if (state.phase !== 'ready' || !state.hasDraft) {
    await exportHead();
    return;
  }
  await save(`holdfast-draft-on-${revisionName(state.base)}.yaml`, controller.text());
}

async function exportHead(): Promise<void> {
  getDraftController();
  const { head } = useDraft.getState();
  if (head === null) {
    notifyRefusal('Nothing was exported', { detail: 'The head has not been loaded yet.' });
    return;
  }
  await save(`holdfast-${revisionName(head.revision)}.yaml`, head.text);
}

async function save(name: string, text: string): Promise<void> {
  if (await getHost().saveFile(name, text)) notifyDone(`Exported ${name}`);
}
