import { type ChangeEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';

/** Typing reaches the text after this pause at the latest, in milliseconds. */
const COMMIT_PAUSE_MS = 300;

/** What a text control needs. */
export interface Typed {
  readonly value: string;
  readonly 'data-uncommitted': boolean;
  readonly onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => void;
  readonly onBlur: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  /** Takes a value at once, as when it was picked from a list. */
  readonly take: (text: string) => void;
  /** Shows a value that is not yet to be committed but after the pause. */
  readonly type: (text: string) => void;
}

interface Draft {
  readonly text: string;
  /** What stood in the document, and then what was sent and has not come back yet: no news. */
  readonly known: readonly string[];
}

/** Texts sent that the document need not have taken yet. */
const UNANSWERED_MAX = 16;

/**
 * Text that is being typed over text of the document. The document wins whenever it changes to
 * something that was not typed here: by undo, or by typing in the YAML.
 */
export function useTyped(
  text: string,
  commit: (text: string) => void,
  /** How the document will say what was typed. */
  canonical: (typed: string) => string = trimmed,
): Typed {
  const [draft, setDraft] = useState<Draft | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef({ commit, pending: null as string | null });
  latest.current.commit = commit;
  const isFresh = draft?.known.includes(text) === true;
  const value = isFresh ? draft.text : text;

  const stop = () => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  };
  const flush = () => {
    stop();
    const { pending } = latest.current;
    if (pending === null) return;
    latest.current.pending = null;
    const said = canonical(pending);
    setDraft((before) =>
      before === null ? null : { ...before, known: [...before.known.slice(-UNANSWERED_MAX), said] },
    );
    latest.current.commit(pending);
  };
  // Once the document says the last that was sent, whatever it says next is news, as after an undo.
  const isAnswered = draft !== null && draft.known.length > 1 && draft.known.at(-1) === text;
  useEffect(() => {
    if (isAnswered) setDraft((before) => (before === null ? null : { ...before, known: [text] }));
  }, [isAnswered, text]);
  // Another resource, or another view, takes the place of the form: nothing typed is lost.
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      const { pending, commit: send } = latest.current;
      latest.current.pending = null;
      if (pending !== null) send(pending);
    },
    [],
  );

  const type = (typed: string) => {
    const known = isFresh ? draft.known : [text];
    setDraft({ text: typed, known });
    latest.current.pending = typed;
    timer.current ??= setTimeout(flush, COMMIT_PAUSE_MS);
  };
  const drop = () => {
    stop();
    latest.current.pending = null;
    setDraft(null);
  };
  return {
    value,
    'data-uncommitted': isFresh && draft.text !== text,
    onChange: (event) => type(event.currentTarget.value),
    onBlur: () => {
      flush();
      setDraft(null);
    },
    onKeyDown: (event) => {
      if (event.key === 'Enter' && !event.nativeEvent.isComposing) flush();
      if (event.key === 'Escape' && latest.current.pending !== null) {
        event.stopPropagation();
        drop();
      }
    },
    take: (taken) => {
      drop();
      latest.current.commit(taken);
    },
    type,
  };
}

function trimmed(typed: string): string {
  return typed.trim();
}
