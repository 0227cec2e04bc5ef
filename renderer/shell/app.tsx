import { MantineProvider, useMantineColorScheme } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useConsole } from '../state/console-store.ts';
import { resolveCssVariables, theme } from '../theme.ts';
import styles from './app.module.css';
import { AppShell } from './app-shell.tsx';
import { MissingToken } from './missing-token.tsx';
import { colorSchemeManager } from './set-theme.ts';

/** The nonce that the host put into the page; Mantine's generated styles carry it. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

/** The whole page. */
export function App({ hasToken }: { readonly hasToken: boolean }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveCssVariables}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <ThemeBridge />
      <Notifications
        className={styles.notifications}
        position="bottom-left"
        limit={4}
        transitionDuration={0}
        zIndex={500}
      />
      {hasToken ? <AppShell /> : <MissingToken />}
    </MantineProvider>
  );
}

function ThemeBridge() {
  const choice = useConsole((state) => state.theme);
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  useEffect(() => {
    setColorScheme(choice === 'system' ? 'auto' : choice);
  }, [choice, setColorScheme]);
  return null;
}
