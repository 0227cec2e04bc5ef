import type { DraftEditor } from './draft-editor.ts';

/** The draft's editor, loaded when it is first needed: it is the heaviest part of the console. */
export async function loadDraftEditor(): Promise<DraftEditor> {
  const { getDraftEditor } = await import('./draft-editor.ts');
  return getDraftEditor();
}
