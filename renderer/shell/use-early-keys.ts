import { useEffect } from 'react';
import { paletteStore } from './palette.ts';

const FIELD = '[aria-label="Command palette"] input';
/** More than anybody types before the palette is there. */
const EARLY_CHARS_MAX = 64;

/** What is typed after the palette was asked for and before its field has the keyboard goes into it. */
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
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (typed.length < EARLY_CHARS_MAX) typed += event.key;
  };
  const onFocus = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLInputElement) || !target.matches(FIELD)) return;
    stop();
    if (typed === '') return;
    target.setRangeText(typed, target.value.length, target.value.length, 'end');
    // As if typed there, so that the first entry found is selected too.
    target.dispatchEvent(new InputEvent('input', { bubbles: true }));
  };
  const stop = () => {
    window.removeEventListener('keydown', onKeyDown, true);
    window.removeEventListener('focusin', onFocus, true);
  };
  window.addEventListener('keydown', onKeyDown, true);
  window.addEventListener('focusin', onFocus, true);
  return stop;
}
