import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import classes from './tab-bar.module.css';

export interface TabEntry<Id extends string> {
  readonly id: Id;
  readonly label: string;
}

/** Tabs with what belongs to the open one at the right. The panel's id is `${idPrefix}-panel`. */
export function TabBar<Id extends string>(props: {
  readonly label: string;
  readonly idPrefix: string;
  readonly tabs: readonly TabEntry<Id>[];
  readonly open: Id;
  readonly onOpen: (id: Id) => void;
  readonly side?: ReactNode;
}) {
  const { label, idPrefix, tabs, open, onOpen, side } = props;
  const list = useRef<HTMLDivElement>(null);

  function move(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const index = tabs.findIndex((tab) => tab.id === open);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    onOpen(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  }

  return (
    <div className={classes.bar}>
      <div ref={list} role="tablist" aria-label={label} style={{ display: 'flex', gap: 4 }}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={tabId(idPrefix, tab.id)}
            data-tab={tab.id}
            aria-selected={tab.id === open}
            aria-controls={`${idPrefix}-panel`}
            tabIndex={tab.id === open ? 0 : -1}
            className={classes.tab}
            onClick={() => onOpen(tab.id)}
            onKeyDown={move}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {side !== undefined && <div className={classes.side}>{side}</div>}
    </div>
  );
}

/** The panel of the open tab. */
export function TabPanel(props: {
  readonly idPrefix: string;
  readonly open: string;
  readonly children: ReactNode;
}) {
  return (
    <div
      role="tabpanel"
      id={`${props.idPrefix}-panel`}
      aria-labelledby={tabId(props.idPrefix, props.open)}
      className={classes.panel}
    >
      {props.children}
    </div>
  );
}

function tabId(idPrefix: string, id: string): string {
  return `${idPrefix}-tab-${id}`;
}
