import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import classes from './workbench.module.css';

const STEP = 2;

/** A line between two parts that can be moved, by pointer and by arrow keys. */
export function Splitter(props: {
  readonly label: string;
  /** How the line runs. */
  readonly orientation: 'vertical' | 'horizontal';
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** What one pixel towards the right or the bottom adds to the value. */
  readonly perPx: (parent: HTMLElement) => number;
  /** Where the line stands, if what it bounds may take less than the value allows. */
  readonly start?: (parent: HTMLElement) => number;
  readonly onChange: (value: number) => void;
}) {
  const { orientation, value, min, max } = props;
  const drag = useRef<{ start: number; value: number; perPx: number } | null>(null);
  const at = (event: PointerEvent) => (orientation === 'vertical' ? event.clientX : event.clientY);

  function onPointerDown(event: PointerEvent<HTMLDivElement>): void {
    const parent = event.currentTarget.parentElement;
    if (parent === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = {
      start: at(event),
      value: props.start?.(parent) ?? value,
      perPx: props.perPx(parent),
    };
  }

  function onPointerMove(event: PointerEvent<HTMLDivElement>): void {
    const held = drag.current;
    if (held !== null) props.onChange(held.value + (at(event) - held.start) * held.perPx);
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const [less, more] =
      orientation === 'vertical' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const direction = event.key === more ? 1 : event.key === less ? -1 : 0;
    const parent = event.currentTarget.parentElement;
    if (direction === 0 || parent === null) return;
    event.preventDefault();
    props.onChange(value + direction * STEP * (Math.sign(props.perPx(parent)) || 1) * 4);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved
    <div
      role="separator"
      tabIndex={0}
      className={classes.splitter}
      data-orientation={orientation}
      aria-label={props.label}
      aria-orientation={orientation}
      aria-valuenow={Math.round(value)}
      aria-valuemin={min}
      aria-valuemax={max}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        drag.current = null;
      }}
      onKeyDown={onKeyDown}
    />
  );
}
