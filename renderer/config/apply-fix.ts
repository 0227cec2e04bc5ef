import { editDocument } from '../../core/gateway/edit/edit-document.ts';
import type { Problem, ProblemFix } from '../../core/gateway/problem.ts';
import { notifyRefusal } from '../shell/notify.ts';
import { documentPlaces, insertDocument, placeAt } from './document-text.ts';
import { loadDraftEditor } from './load-draft-editor.ts';

/** Takes a quick fix: one step of undo in the text. */
export async function applyFix(problem: Problem, fix: ProblemFix): Promise<void> {
  if (fix.addDocument !== null) return addDocument(fix.addDocument, fix.title);
  const editor = await loadDraftEditor();
  const places = documentPlaces(editor.text());
  const place = places[placeAt(places, editor.offsetNow(problem.line))];
  if (place === undefined) return;
  const edits = editDocument(place.source, fix.ops);
  if (!edits.ok) {
    notifyRefusal('It was not mended', { detail: edits.error.message });
    return;
  }
  const moved = edits.value.map((edit) => ({
    ...edit,
    from: edit.from + place.from,
    to: edit.to + place.from,
  }));
  editor.apply(moved, fix.title);
}

/** Puts a document at the end of the config: one step of undo in the text. */
export async function addDocument(source: string, label: string): Promise<void> {
  const editor = await loadDraftEditor();
  const text = editor.text();
  editor.apply(insertDocument(text, documentPlaces(text), -1, source), label);
}
