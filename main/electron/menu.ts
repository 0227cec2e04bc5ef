import type { MenuItem } from './electron-api.ts';

/** Sends a command of the palette to the page. */
export type SendCommand = (commandId: string) => void;

/**
 * The application menu. Every entry of ours is a command of the palette, by id, so that nothing can
 * be done here that cannot be done in a browser.
 */
export function menuTemplate(input: { send: SendCommand; platform: string }): MenuItem[] {
  const { send, platform } = input;
  const item = (label: string, id: string, accelerator?: string): MenuItem => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => send(id),
  });
  const line: MenuItem = { type: 'separator' };
  const file: MenuItem = {
    label: 'File',
    submenu: [
      item('Open config…', 'config.open', 'CmdOrCtrl+O'),
      item('Export draft…', 'config.export', 'CmdOrCtrl+E'),
      line,
      item('Quit', 'console.quit', 'CmdOrCtrl+Q'),
    ],
  };
  const view: MenuItem = {
    label: 'View',
    submenu: [
      item('Fleet', 'view.fleet', 'CmdOrCtrl+1'),
      item('Config', 'view.config', 'CmdOrCtrl+2'),
      item('History', 'view.history', 'CmdOrCtrl+3'),
      item('Control plane', 'view.control-plane', 'CmdOrCtrl+4'),
      item('Alerts and events', 'view.events', 'CmdOrCtrl+5'),
      line,
      item('Command palette', 'palette.open', 'CmdOrCtrl+K'),
      line,
      item('Dark theme', 'theme.dark'),
      item('Light theme', 'theme.light'),
      item('Theme of the system', 'theme.system'),
      line,
      { role: 'togglefullscreen' },
    ],
  };
  const fleet: MenuItem = {
    label: 'Fleet',
    submenu: [
      item('Publish draft…', 'draft.publish', 'CmdOrCtrl+Shift+P'),
      line,
      item('Kill control plane', 'control-plane.kill'),
      item('Start control plane', 'control-plane.start'),
      item('Kill simulator', 'simulator.kill'),
      line,
      item('Restart nodes…', 'fleet.restart'),
      item('Resize fleet…', 'fleet.resize'),
    ],
  };
  const own = [file, { role: 'editMenu' }, view, fleet, { role: 'windowMenu' }] as const;
  return platform === 'darwin' ? [{ role: 'appMenu' }, ...own] : [...own];
}
