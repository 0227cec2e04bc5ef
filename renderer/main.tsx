import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './theme.css';
import './mantine.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { assert } from '../core/lib/assert.ts';
import { registerCoreActions } from './actions/actions.ts';
import { runAction } from './actions/registry.ts';
import { openClient } from './client.ts';
import { recordControlPlaneLoad } from './control-plane/load-recorder.ts';
import { getHost } from './host/get-host.ts';
import { takeSessionToken } from './session-token.ts';
import { App } from './shell/app.tsx';
import { setTheme, storedTheme } from './shell/set-theme.ts';
import { connectStore } from './state/connect-store.ts';
import { useConsole } from './state/console-store.ts';
import { isViewId, loadViewActions } from './views.ts';

// Compiled schemas need `eval`, which the content security policy forbids.
z.config({ jitless: true });

const token = takeSessionToken();
const asked = window.location.hash.replace(/^#\//, '');
if (isViewId(asked)) useConsole.setState({ view: asked });
setTheme(storedTheme());
registerCoreActions();
getHost().onCommand((commandId) => runAction(commandId));
recordControlPlaneLoad();
if (token !== null) connectStore(openClient(token));

const root = document.getElementById('root');
assert(root !== null, 'index.html has a root element');
createRoot(root).render(
  <StrictMode>
    <App hasToken={token !== null} />
  </StrictMode>,
);

// After the first view has been drawn: nothing of it is needed for that.
if (token !== null) window.addEventListener('load', () => void loadViewActions(), { once: true });
