import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import { formatNodes } from '../format/format.ts';
import { getHost } from '../host/get-host.ts';
import { askConfirmation, openDialog } from '../shell/dialogs.ts';
import { palette } from '../shell/palette.ts';
import { setTheme } from '../shell/set-theme.ts';
import { openView, type ThemeChoice, useConsole } from '../state/console-store.ts';
import { VIEWS } from '../views.ts';
import { perform } from './perform.ts';
import { type Action, registerAction } from './registry.ts';

const FLEET = { scope: 'fleet' } as const;

function nodesOf(status: ConsoleStatus | null): string {
  return status === null ? 'the nodes' : formatNodes(status.fleet.inventory);
}

function unlessControlPlaneUp(status: ConsoleStatus | null): string | null {
  return status?.controlPlane.state === 'up' ? null : 'The control plane is down.';
}

/** What killing the control plane touches, and what it leaves alone. */
export function describeKill(status: ConsoleStatus | null): string {
  const pid = status?.controlPlane.pid ?? null;
  const process = pid === null ? 'the control plane process' : `process ${pid}, the control plane`;
  return `Sends SIGKILL to ${process}. Publishing stops until you start it again; ${nodesOf(status)} keep serving what they have and lose contact.`;
}

function controlPlaneActions(): Action[] {
  return [
    {
      id: 'control-plane.kill',
      label: 'Kill control plane',
      keywords: ['break', 'outage', 'sigkill', 'stop', 'crash'],
      group: 'Control plane',
      unavailable: (status) =>
        status?.controlPlane.state === 'down' ? 'The control plane is down already.' : null,
      danger: describeKill,
      run: async () => {
        await perform('kill-control-plane', {}, { failed: 'The control plane was not killed' });
      },
    },
    {
      id: 'control-plane.start',
      label: 'Start control plane',
      keywords: ['restart', 'heal', 'recover', 'up'],
      group: 'Control plane',
      unavailable: (status) =>
        status !== null && status.controlPlane.state !== 'down'
          ? 'The control plane is running.'
          : null,
      run: async () => {
        await perform('start-control-plane', {}, { failed: 'The control plane did not start' });
      },
    },
    {
      id: 'control-plane.adopt-fleet',
      label: "Adopt the fleet's state…",
      keywords: ['ahead', 'restore', 'backup', 'lineage', 'generation'],
      group: 'Control plane',
      unavailable: (status) =>
        unlessControlPlaneUp(status) ??
        (status?.fleet.ahead === 0 ? 'No node is ahead of the control plane.' : null),
      danger: (status) =>
        `Takes what the ${formatNodes(status?.fleet.ahead ?? 0)} ahead of the control plane serve, and publishes it as a new revision. Every node gets it; history keeps what was there before.`,
      run: async () => {
        await perform(
          'adopt-fleet',
          {},
          {
            failed: "The fleet's state was not adopted",
            done: (outcome) => `Adopted as r${outcome.revision}`,
          },
        );
      },
    },
  ];
}

function breakActions(): Action[] {
  return [
    {
      id: 'simulator.kill',
      label: 'Kill simulator',
      keywords: ['break', 'sigkill', 'nodes', 'crash', 'data plane'],
      group: 'Break something',
      unavailable: (status) =>
        status?.simulator.state === 'down' ? 'The simulator is down already.' : null,
      danger: (status) =>
        `Sends SIGKILL to the simulator process. All of ${nodesOf(status)} stop answering at once. The console starts it again; the nodes come back serving from their disks.`,
      run: async () => {
        await perform('kill-simulator', {}, { failed: 'The simulator was not killed' });
      },
    },
    {
      id: 'fleet.restart',
      label: 'Restart nodes…',
      keywords: ['break', 'reboot', 'cell', 'fleet', 'wipe', 'disk'],
      group: 'Break something',
      run: () => openDialog({ kind: 'restart', target: FLEET }),
    },
    {
      id: 'fault.latency',
      label: 'Add latency to links…',
      keywords: ['break', 'fault', 'slow', 'delay', 'network', 'cell'],
      group: 'Break something',
      run: () => openDialog({ kind: 'link-fault', fault: 'link-latency', target: FLEET }),
    },
    {
      id: 'fault.partition',
      label: 'Cut links…',
      keywords: ['break', 'fault', 'partition', 'disconnect', 'network', 'cell'],
      group: 'Break something',
      run: () => openDialog({ kind: 'link-fault', fault: 'link-partition', target: FLEET }),
    },
    {
      id: 'fault.clear-all',
      label: 'Clear all faults',
      keywords: ['heal', 'latency', 'partition', 'links', 'mend'],
      group: 'Break something',
      unavailable: (status) => ((status?.faults.length ?? 0) === 0 ? 'No fault is active.' : null),
      run: clearAllFaults,
    },
  ];
}

async function clearAllFaults(): Promise<void> {
  for (const fault of useConsole.getState().status?.faults ?? []) {
    await perform('clear-fault', { faultId: fault.id }, { failed: 'The fault was not cleared' });
  }
}

function fleetActions(): Action[] {
  return [
    {
      id: 'fleet.resize',
      label: 'Resize fleet…',
      keywords: ['scale', 'nodes', 'provision', 'retire', 'inventory'],
      group: 'Fleet',
      unavailable: unlessControlPlaneUp,
      run: () => openDialog({ kind: 'resize' }),
    },
    {
      id: 'fleet.budget',
      label: 'Set staleness budget…',
      keywords: ['unverified', 'lag', 'alert', 'bound', 'limit'],
      group: 'Fleet',
      run: () => openDialog({ kind: 'budget' }),
    },
    {
      id: 'console.reset',
      label: 'Reset everything…',
      keywords: ['wipe', 'first run', 'delete', 'clean', 'start over'],
      group: 'Fleet',
      run: askReset,
    },
  ];
}

/** Asks for a typed confirmation, then puts everything back to the first run. */
export function askReset(): void {
  askConfirmation({
    title: 'Reset everything',
    touches:
      'Deletes every revision, the draft, the event log and the disks of all nodes, and starts over with the sample config and fleet. This cannot be undone.',
    confirmLabel: 'Reset everything',
    typed: 'reset',
    run: async () => {
      await perform(
        'reset',
        {},
        {
          failed: 'Nothing was reset',
          done: (result) => `Reset. ${formatNodes(result.nodes)} provisioned`,
        },
      );
    },
  });
}

function viewActions(): Action[] {
  return VIEWS.map((view) => ({
    id: `view.${view.id}`,
    label: `Go to ${view.label.toLowerCase()}`,
    keywords: ['open', 'show', 'view'],
    group: 'View',
    run: () => openView(view.id),
  }));
}

function themeActions(): Action[] {
  const labels: Readonly<Record<ThemeChoice, string>> = {
    dark: 'Dark theme',
    light: 'Light theme',
    system: 'Theme of the system',
  };
  const choices: readonly ThemeChoice[] = ['dark', 'light', 'system'];
  return choices.map((choice) => ({
    id: `theme.${choice}`,
    label: labels[choice],
    keywords: ['theme', 'appearance', 'colour', 'mode', 'night', 'day'],
    group: 'View',
    run: () => setTheme(choice),
  }));
}

function consoleActions(): Action[] {
  return [
    {
      id: 'palette.open',
      label: 'Open the command palette',
      keywords: ['search', 'commands'],
      group: 'View',
      run: () => palette.open(),
    },
    {
      id: 'console.quit',
      label: 'Quit',
      keywords: ['exit', 'close', 'leave'],
      group: 'Console',
      run: () => getHost().quit(),
    },
  ];
}

/** Registers every action of the foundation. Views register theirs when they are loaded. */
export function registerCoreActions(): void {
  const all = [
    ...viewActions(),
    ...controlPlaneActions(),
    ...breakActions(),
    ...fleetActions(),
    ...themeActions(),
    ...consoleActions(),
  ];
  for (const action of all) registerAction(action);
}
