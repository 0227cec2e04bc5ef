import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import type { Hover } from '../../../core/gateway/schema/hover-at.ts';
import { hoverAt } from '../../../core/gateway/schema/hover-at.ts';
import { documentWindow } from './document-window.ts';

/** How long the pointer rests before a card comes up, milliseconds. */
const HOVER_DELAY_MS = 350;
/** Fields that a card names. */
const CARD_FIELDS_MAX = 12;

/** A small card that explains the field under the pointer. */
export function hoverCards(): Extension {
  return hoverTooltip(
    (view, pos) => {
      const window = documentWindow(view.state.doc, pos);
      const hover = window && hoverAt(window.source, pos - window.from);
      if (window === null || hover === null) return null;
      return {
        pos: window.from + hover.from,
        end: window.from + hover.to,
        above: true,
        create: () => ({ dom: cardOf(hover) }),
      };
    },
    { hoverTime: HOVER_DELAY_MS },
  );
}

/** Rows of a card beneath its sentence, as name and value. */
export function cardRows({ node }: Hover): readonly (readonly [name: string, value: string])[] {
  const rows: (readonly [string, string])[] = [];
  const { choices, fields } = node;
  if (choices.length > 0) rows.push(['One of', choices.join(', ')]);
  if (node.default !== null) rows.push(['Default', node.default]);
  if (fields.length > 0) {
    const names = fields.slice(0, CARD_FIELDS_MAX).map((field) => field.name);
    const more = fields.length - names.length;
    rows.push(['Fields', more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')]);
  }
  return rows;
}

function cardOf(hover: Hover): HTMLElement {
  const { title, node } = hover;
  const card = element('div', 'hf-cm-card');
  const head = element('div', 'hf-cm-card-head');
  head.append(element('span', 'hf-cm-card-title', title));
  head.append(
    element('span', 'hf-cm-card-type', node.isRequired ? `${node.type}, required` : node.type),
  );
  card.append(head, element('p', 'hf-cm-doc', node.doc));
  const rows = cardRows(hover);
  if (rows.length === 0) return card;
  const list = element('dl', 'hf-cm-card-rows');
  for (const [name, value] of rows) list.append(element('dt', '', name), element('dd', '', value));
  card.append(list);
  return card;
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  if (text !== '') made.textContent = text;
  return made;
}
