import { editDocument } from '../../core/gateway/edit/edit-document.ts';
import type { TextEdit } from '../../core/gateway/edit/edit-op.ts';
import { applyTextEdits } from '../../core/gateway/edit/text-edits.ts';
import {
  freeName,
  NEW_KINDS,
  type NewKind,
  skeletonOf,
} from '../../core/gateway/schema/resource-skeletons.ts';
import { registerAction } from '../actions/registry.ts';
import { notifyDone, notifyRefusal } from '../shell/notify.ts';
import { openView } from '../state/console-store.ts';
import {
  documentPlaces,
  insertDocument,
  removeDocument,
  replaceDocument,
} from './document-text.ts';
import { getDraftController } from './draft-session.ts';
import { showConfigDialog, useDraft } from './draft-store.ts';
import { keysOf, type LiveDocument } from './live-document.ts';
import { loadDraftEditor } from './load-draft-editor.ts';
import { resourceLabel } from './resource-label.ts';

const GROUP = 'Resource';

/** What can be done with the selected resource, in the order of its menu. */
export const RESOURCE_ACTIONS = [
  'resource.revert',
  'resource.restore',
  'resource.duplicate',
  'resource.rename',
  'resource.delete',
] as const;

/** Registers the actions on single resources of the draft. */
export function registerResourceActions(): void {
  registerAction({
    id: 'resource.revert',
    label: 'Revert resource to the head',
    keywords: ['undo', 'reset', 'head', 'discard', 'changes'],
    group: GROUP,
    unavailable: () => unlessChanged(['changed', 'text-only', 'added']),
    run: () => revertSelected(),
  });
  registerAction({
    id: 'resource.restore',
    label: 'Restore removed resource',
    keywords: ['undelete', 'bring back', 'head'],
    group: GROUP,
    unavailable: () => unlessChanged(['removed']),
    run: () => revertSelected(),
  });
  registerAction({
    id: 'resource.duplicate',
    label: 'Duplicate resource',
    keywords: ['copy', 'clone'],
    group: GROUP,
    unavailable: () => unlessOpen(),
    run: duplicateSelected,
  });
  registerAction({
    id: 'resource.rename',
    label: 'Rename resource…',
    keywords: ['name', 'references'],
    group: GROUP,
    unavailable: () => unlessOpen(),
    run: () => {
      const { live } = useDraft.getState();
      if (live !== null) showConfigDialog({ kind: 'rename', key: live.key });
    },
  });
  registerAction({
    id: 'resource.delete',
    label: 'Delete resource from the draft',
    keywords: ['remove', 'drop'],
    group: GROUP,
    unavailable: () => unlessOpen(),
    run: deleteSelected,
  });
  for (const kind of NEW_KINDS) {
    registerAction({
      id: `resource.new.${kind}`,
      label: `New ${kind}`,
      keywords: ['add', 'create', 'resource', 'document'],
      group: GROUP,
      run: () => addResource(kind),
    });
  }
}

function changeOf(key: string | null): string | null {
  const changes = useDraft.getState().analysis?.changes ?? [];
  return changes.find((change) => change.key === key)?.change ?? null;
}

function unlessChanged(wanted: readonly string[]): string | null {
  const { selectedKey } = useDraft.getState();
  if (selectedKey === null) return 'No resource is selected.';
  const change = changeOf(selectedKey);
  if (change !== null && wanted.includes(change)) return null;
  return wanted.includes('removed') ? 'It was not removed.' : 'It does not differ from the head.';
}

function unlessOpen(): string | null {
  return useDraft.getState().live === null ? 'No resource of the draft is selected.' : null;
}

function revertSelected(): Promise<void> {
  const { selectedKey } = useDraft.getState();
  return selectedKey === null ? Promise.resolve() : revertResource(selectedKey);
}

/** Puts one resource back to what the head has: its text, its absence, or its place. */
export async function revertResource(key: string): Promise<void> {
  const [editor, found] = await Promise.all([
    loadDraftEditor(),
    getDraftController().headSource(key),
  ]);
  const text = editor.text();
  const places = documentPlaces(text);
  const keys = keysOf(places, useDraft.getState().analysis);
  const index = keys.indexOf(key);
  const name = resourceLabel(key);
  if (found === null) {
    if (index !== -1) editor.apply(removeDocument(places, index), `revert ${key}`);
  } else if (index !== -1) {
    const cursor = places[index]?.from;
    editor.apply(replaceDocument(places, index, found.source), `revert ${key}`, cursor);
  } else {
    const after = found.previousKey === null ? -1 : keys.indexOf(found.previousKey);
    const edits = insertDocument(text, places, after, found.source);
    editor.apply(edits, `restore ${key}`, contentAt(edits));
  }
  notifyDone(`${name} is as the head has it. Undo brings the change back.`);
}

/** Where the inserted document begins, behind its marker, in the text after the edit. */
function contentAt(edits: readonly TextEdit[]): number | undefined {
  const [edit] = edits;
  if (edit === undefined) return undefined;
  const marker = edit.insert.indexOf('---\n');
  return edit.from + (marker === -1 ? 0 : marker + 4);
}

async function duplicateSelected(): Promise<void> {
  const editor = await loadDraftEditor();
  const { live, analysis } = useDraft.getState();
  const identity = live?.read.identity;
  if (live === null || identity == null) return;
  const taken = namesOf(identity.kind, identity.namespace);
  const name = freeName(`${identity.name}-copy`, taken);
  const renamed = editDocument(live.source, [
    { op: 'set', pointer: '/metadata/name', value: name },
  ]);
  if (!renamed.ok || analysis === null) {
    notifyRefusal('It was not duplicated', { detail: 'Mend the problems of this resource first.' });
    return;
  }
  insert(applyTextEdits(live.source, renamed.value), live, `duplicate ${live.key}`);
  editor.focus();
}

function deleteSelected(): void {
  const { live, editor } = useDraft.getState();
  if (live === null || editor === null) return;
  editor.apply(removeDocument(documentPlaces(editor.text()), live.index), `delete ${live.key}`);
  notifyDone(`${resourceLabel(live.key)} is gone from the draft. Undo brings it back.`);
}

async function addResource(kind: NewKind): Promise<void> {
  openView('config');
  await loadDraftEditor();
  const { analysis, live } = useDraft.getState();
  const references = analysis?.references;
  const namespace =
    live?.read.identity?.namespace || references?.gateways[0]?.namespace || 'default';
  const here = <T extends { readonly namespace: string }>(list: readonly T[] | undefined) =>
    list?.find((each) => each.namespace === namespace) ?? null;
  const backend = here(references?.backends);
  const gateway = here(references?.gateways) ?? references?.gateways[0] ?? null;
  const source = skeletonOf(kind, {
    namespace,
    name: freeName(
      `new-${kind.toLowerCase()}`,
      namesOf(kind, kind === 'Namespace' ? '' : namespace),
    ),
    gateway,
    backend:
      backend === null || backend.kind !== 'Service'
        ? null
        : { name: backend.name, port: backend.ports[0] ?? 8080 },
    route: here(references?.routes)?.name ?? null,
  });
  insert(source, live, `new ${kind}`);
}

/** Behind a document, or at the end. */
function insert(source: string, after: LiveDocument | null, label: string): void {
  const { editor } = useDraft.getState();
  if (editor === null) return;
  const text = editor.text();
  const edits = insertDocument(text, documentPlaces(text), after?.index ?? -1, source);
  editor.apply(edits, label, contentAt(edits));
}

function namesOf(kind: string, namespace: string): ReadonlySet<string> {
  const documents = useDraft.getState().analysis?.documents ?? [];
  return new Set(
    documents
      .filter((each) => each.kind === kind && each.namespace === namespace)
      .map((each) => each.name),
  );
}

/** Renames the resource and what refers to it, as one step of undo. Null, or why not. */
export async function renameSelected(key: string, name: string): Promise<string | null> {
  const editor = await loadDraftEditor();
  const renaming = await getDraftController().rename(key, name);
  if (!renaming.ok) return renaming.error;
  const places = documentPlaces(editor.text());
  const edits = renaming.value.edits.flatMap(({ index, edits: inside }) => {
    const from = places[index]?.from ?? 0;
    return inside.map((edit) => ({ ...edit, from: edit.from + from, to: edit.to + from }));
  });
  editor.apply(edits, `rename ${key}`);
  const { followed } = renaming.value;
  notifyDone(
    followed.length === 0
      ? `Renamed to ${name}.`
      : `Renamed to ${name}; ${followed.length} ${followed.length === 1 ? 'resource' : 'resources'} that referred to it follow.`,
  );
  return null;
}
