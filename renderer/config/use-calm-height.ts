import { type RefObject, useLayoutEffect, useRef } from 'react';

/** How long what has shrunk keeps its height: a problem that is being typed away may come back. */
const HELD_MS = 1_500;

/**
 * Lets a part grow with its content at once, and shrink only when it has said less for a while, so
 * that what stands above it does not jump with every key.
 */
export function useCalmHeight(): RefObject<HTMLDivElement | null> {
  const part = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = part.current;
    const content = element?.firstElementChild;
    if (element === null || content === null || content === undefined) return undefined;
    let held = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hold = (px: number) => {
      held = px;
      element.style.minHeight = `${px}px`;
    };
    const observer = new ResizeObserver(() => {
      const px = content.getBoundingClientRect().height;
      clearTimeout(timer);
      if (px >= held) hold(px);
      else timer = setTimeout(() => hold(content.getBoundingClientRect().height), HELD_MS);
    });
    observer.observe(content);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, []);
  return part;
}
