import { notifications } from '@mantine/notifications';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';

const DONE_MS = 4_000;
const REFUSED_MS = 12_000;
const closeButtonProps = { 'aria-label': 'Dismiss' };

/** Says in passing that something was done. */
export function notifyDone(message: string): void {
  notifications.show({
    message,
    autoClose: DONE_MS,
    withBorder: true,
    closeButtonProps,
    color: 'var(--hf-current)',
  });
}

/** Says that something was refused, and why. */
export function notifyRefusal(title: string, refusal: Pick<ConsoleRefusal, 'detail'>): void {
  notifications.show({
    title,
    message: refusal.detail,
    autoClose: REFUSED_MS,
    withBorder: true,
    closeButtonProps,
    color: 'var(--hf-bad)',
  });
}
