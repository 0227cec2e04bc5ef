import { autocompletion } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { keymap, tooltips } from '@codemirror/view';
import type { CompletionNames } from '../../../core/gateway/schema/completion.ts';
import { assistLook } from './assist-look.ts';
import { yamlCompletions } from './complete-yaml.ts';
import { takeFixNear } from './fix-actions.ts';
import { hoverCards } from './hover-card.ts';

/** Rows of the list that are rendered; typing narrows it down. */
const LISTED_MAX = 120;
/** Between what floats and the edge of the window, pixels. */
const WINDOW_MARGIN_PX = 8;

/**
 * What helps while typing: Control-Space lists what may stand at the cursor, resting the pointer on
 * a word explains it, Control-. takes the fix of the problem at the cursor. `names` is what the
 * draft holds now.
 */
export function editorAssist(options: { readonly names: () => CompletionNames }): Extension {
  return [
    assistLook(),
    autocompletion({
      override: [yamlCompletions(options.names)],
      maxRenderedOptions: LISTED_MAX,
      icons: false,
    }),
    hoverCards(),
    tooltips({ tooltipSpace: windowSpace }),
    keymap.of([{ key: 'Mod-.', run: takeFixNear }]),
  ];
}

function windowSpace(): { left: number; top: number; right: number; bottom: number } {
  const { innerWidth, innerHeight } = window;
  return {
    left: WINDOW_MARGIN_PX,
    top: WINDOW_MARGIN_PX,
    right: innerWidth - WINDOW_MARGIN_PX,
    bottom: innerHeight - WINDOW_MARGIN_PX,
  };
}
