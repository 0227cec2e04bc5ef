import type { ReactNode } from 'react';
import type { ViewId } from '../views.ts';

function Icon({ children, size = 18 }: { readonly children: ReactNode; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 18 18"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** One drawing a view. */
export const NAV_ICONS: Readonly<Record<ViewId, ReactNode>> = {
  fleet: (
    <Icon>
      <path d="M9 2.5 14.6 5.7v6.6L9 15.5l-5.6-3.2V5.7Z" />
    </Icon>
  ),
  config: (
    <Icon>
      <path d="M3.5 4.5h11M3.5 9h7M3.5 13.5h9" />
    </Icon>
  ),
  history: (
    <Icon>
      <path d="M5 2.5v13M5 9h3.5A3.5 3.5 0 0 0 12 5.5" />
      <circle cx="12" cy="4" r="1.6" />
      <circle cx="5" cy="9" r="1.6" fill="var(--hf-surface)" />
    </Icon>
  ),
  'control-plane': (
    <Icon>
      <circle cx="9" cy="9" r="2.2" />
      <path d="M9 2.5v2.4M9 13.1v2.4M2.5 9h2.4M13.1 9h2.4" />
    </Icon>
  ),
  events: (
    <Icon>
      <path d="M9 3.2 15.2 14H2.8Z" />
      <path d="M9 7.6v2.8" />
    </Icon>
  ),
};

/** The mark of the console: a holdfast gripping its ground. */
export function Mark() {
  return (
    <svg
      width="22"
      height="22"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M6.5 3.5v5.5a5.5 5.5 0 0 0 11 0V3.5M12 14.5v6M8 20.5h8" />
    </svg>
  );
}
