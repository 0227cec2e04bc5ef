import { useEffect } from 'react';
import { paletteStore } from './palette.ts';

const FIELD = '[aria-label="Command palette"] input';
const SELECTED = '[aria-label="Command palette"] [data-selected]';
/** More than anybody types before the palette is there. */
const EARLY_CHARS_MAX = 64;
/** Frames that the list may take to say which entry is selected. */
const SELECTION_FRAMES_MAX = 60;

/**
 * What is typed after the palette was asked for and before its field has the keyboard goes into it. So
 * does Enter: pressed before an entry is selected, it takes the one that then is.
 */
export function useEarlyKeys(): void {
  useEffect(() => {
    let stop = () => {};
    let wasOpened = false;
    const unsubscribe = paletteStore.subscribe(({ opened }) => {
      if (opened !== wasOpened) stop();
      if (opened && !wasOpened) stop = collectUntilFocused();
      wasOpened = opened;
    });
    return () => {
      stop();
      unsubscribe();
    };
  }, []);
}

function collectUntilFocused(): () => void {
  let typed = '';
  let isEntered = false;
  const onKeyDown = (event: KeyboardEvent) => {
    const isEnter = event.key === 'Enter';
    if (!isEnter && event.key.length !== 1) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (isEnter) isEntered = true;
    else if (!isEntered && typed.length < EARLY_CHARS_MAX) typed += event.key;
  };
  const onFocus = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLInputElement) || !target.matches(FIELD)) return;
    stop();
    if (typed !== '') {
      target.setRangeText(typed, target.value.length, target.value.length, 'end');
      // As if typed there, so that the first entry found is selected too.
      target.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
    if (isEntered) takeSelected(SELECTION_FRAMES_MAX);
  };
  const stop = () => {
    window.removeEventListener('keydown', onKeyDown, true);
    window.removeEventListener('focusin', onFocus, true);
  };
  window.addEventListener('keydown', onKeyDown, true);
  window.addEventListener('focusin', onFocus, true);
  return stop;
}

function takeSelected(framesLeft: number): void {
  if (framesLeft === 0 || !paletteStore.getState().opened) return;
  requestAnimationFrame(() => {
    const selected = document.querySelector<HTMLElement>(SELECTED);
    if (selected === null) takeSelected(framesLeft - 1);
    else selected.click();
  });
}
