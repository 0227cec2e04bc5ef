import { useSyncExternalStore } from 'react';

const NAMES = [
  'bg',
  'surface',
  'raised',
  'line',
  'text',
  'muted',
  'action',
  'current',
  'behind-1',
  'behind-2',
  'behind-4',
  'bad',
  'control-plane',
] as const;

/** The theme's colours as values, for what is drawn on canvas. */
export type Tokens = Readonly<Record<(typeof NAMES)[number], string>>;

let tokens: Tokens | null = null;

function readTokens(): Tokens {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--hf-${name}`).trim();
  return {
    bg: read('bg'),
    surface: read('surface'),
    raised: read('raised'),
    line: read('line'),
    text: read('text'),
    muted: read('muted'),
    action: read('action'),
    current: read('current'),
    'behind-1': read('behind-1'),
    'behind-2': read('behind-2'),
    'behind-4': read('behind-4'),
    bad: read('bad'),
    'control-plane': read('control-plane'),
  };
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(() => {
    tokens = readTokens();
    listener();
  });
  observer.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
  return () => observer.disconnect();
}

/** The colours of the theme that is on; drawn again when it changes. */
export function useTokens(): Tokens {
  return useSyncExternalStore(subscribe, () => {
    tokens ??= readTokens();
    return tokens;
  });
}
