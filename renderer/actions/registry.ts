import { type Disposable, onDispose } from '../../core/lib/disposable.ts';
import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import { askConfirmation } from '../shell/dialogs.ts';
import { useConsole } from '../state/console-store.ts';

/** Something a person can do: reached by the palette, the menus, the buttons. */
export interface Action {
  /** Stable: menu commands of the desktop shell carry it. */
  readonly id: string;
  /** Imperative, sentence case. */
  readonly label: string;
  /** Further words it is found by. */
  readonly keywords: readonly string[];
  readonly group?: string;
  /**
   * Present for what is dangerous: one or two sentences that say what it will touch, shown for
   * confirmation before it runs.
   */
  readonly danger?: (status: ConsoleStatus | null) => string;
  /** Null: can run now. Otherwise why not, in words. Absent: always. */
  readonly unavailable?: (status: ConsoleStatus | null) => string | null;
  run(): void | Promise<void>;
}

const actions = new Map<string, Action>();

/** Adds an action, replacing an earlier one of the same id. Disposing takes it away again. */
export function registerAction(action: Action): Disposable {
  actions.set(action.id, action);
  return onDispose(() => {
    if (actions.get(action.id) === action) actions.delete(action.id);
  });
}

/** Every action, in the order of registration. */
export function listActions(): readonly Action[] {
  return [...actions.values()];
}

/** The action of this id, or null. */
export function findAction(id: string): Action | null {
  return actions.get(id) ?? null;
}

/** Runs an action; a dangerous one first says what it will touch. False: unknown or not possible now. */
export function runAction(id: string): boolean {
  const action = actions.get(id);
  if (action === undefined) return false;
  const { status } = useConsole.getState();
  if ((action.unavailable?.(status) ?? null) !== null) return false;
  if (action.danger === undefined) {
    void action.run();
    return true;
  }
  askConfirmation({
    title: action.label.replace(/…$/, ''),
    touches: action.danger(status),
    confirmLabel: action.label.replace(/…$/, ''),
    run: () => action.run(),
  });
  return true;
}
