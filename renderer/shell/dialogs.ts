import { create } from 'zustand';
import type { NodeTarget } from '../../core/protocol/primitives.ts';

export interface Confirmation {
  readonly title: string;
  /** What will be touched, in one or two sentences. */
  readonly touches: string;
  readonly confirmLabel: string;
  /** Present: the person must type this before the button works. */
  readonly typed?: string;
  run(): void | Promise<void>;
}

export type OpenDialog =
  | { readonly kind: 'confirm'; readonly confirmation: Confirmation }
  | { readonly kind: 'resize' }
  | { readonly kind: 'budget' }
  | { readonly kind: 'restart'; readonly target: NodeTarget }
  | {
      readonly kind: 'link-fault';
      readonly fault: 'link-latency' | 'link-partition';
      readonly target: NodeTarget;
    };

/** The one dialog that is open. */
export const useDialog = create<{ readonly open: OpenDialog | null }>()(() => ({ open: null }));

/** Opens a dialog in place of any other. */
export function openDialog(open: OpenDialog): void {
  useDialog.setState({ open });
}

/** Closes whatever dialog is open. */
export function closeDialog(): void {
  useDialog.setState({ open: null });
}

/** Says what will be touched, and runs it when the person agrees. */
export function askConfirmation(confirmation: Confirmation): void {
  openDialog({ kind: 'confirm', confirmation });
}
