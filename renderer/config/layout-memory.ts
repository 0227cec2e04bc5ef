import { create } from 'zustand';
import type { ConfigPanes } from './draft-store.ts';

/** Sizes of the workbench's parts. How a person likes the view, and nothing of the draft. */
export interface ConfigLayout {
  readonly treePx: number;
  /** Of the room that form and text share, percent. */
  readonly textPercent: number;
  /** Of the text's column, percent: problems, requests and what publishing would do. */
  readonly findingsPercent: number;
  readonly panes: ConfigPanes;
}

export const LAYOUT_BOUNDS = {
  treePx: { min: 176, max: 420 },
  textPercent: { min: 28, max: 72 },
  findingsPercent: { min: 14, max: 72 },
} as const;

export const DEFAULT_LAYOUT: ConfigLayout = {
  treePx: 248,
  textPercent: 46,
  findingsPercent: 42,
  panes: 'both',
};
/** Where there is room, names are not cut and the form is not stretched. */
const ROOMY_LAYOUT: ConfigLayout = { ...DEFAULT_LAYOUT, treePx: 320, textPercent: 44 };
const ROOMY_FROM_PX = 1_600;

const STORAGE_KEY = 'holdfast.config-layout';

/** What was remembered, as far as it makes sense. */
export function readLayout(stored: string | null, pagePx = 0): ConfigLayout {
  const usual = pagePx >= ROOMY_FROM_PX ? ROOMY_LAYOUT : DEFAULT_LAYOUT;
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(stored ?? 'null');
  } catch {
    // Somebody else's text under our key: the defaults will do.
  }
  if (typeof parsed !== 'object' || parsed === null) return usual;
  const held: Partial<Record<keyof ConfigLayout, unknown>> = parsed;
  const { panes } = held;
  return {
    treePx: bounded(held.treePx, 'treePx', usual),
    textPercent: bounded(held.textPercent, 'textPercent', usual),
    findingsPercent: bounded(held.findingsPercent, 'findingsPercent', usual),
    panes: panes === 'form' || panes === 'text' ? panes : 'both',
  };
}

function bounded(value: unknown, of: keyof typeof LAYOUT_BOUNDS, usual: ConfigLayout): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return usual[of];
  const { min, max } = LAYOUT_BOUNDS[of];
  return Math.min(max, Math.max(min, value));
}

export const useConfigLayout = create<ConfigLayout>()(() =>
  readLayout(globalThis.localStorage?.getItem(STORAGE_KEY) ?? null, globalThis.innerWidth),
);

/** Changes sizes within their bounds, and remembers them. */
export function setConfigLayout(change: Partial<ConfigLayout>): void {
  const next = readLayout(JSON.stringify({ ...useConfigLayout.getState(), ...change }));
  useConfigLayout.setState(next);
  try {
    globalThis.localStorage?.setItem(STORAGE_KEY, JSON.stringify(next));
  } catch {
    // Without storage the sizes last as long as the page.
  }
}
