const TOKEN_KEY = 'holdfast.token';

/**
 * The token of this console. It comes with the printed address; it is taken out of the address bar,
 * so that it is in no screenshot, bookmark or referrer, and kept for reloads of this tab alone.
 * Null: the page was opened without one.
 */
export function takeSessionToken(): string | null {
  const address = new URL(window.location.href);
  const given = address.searchParams.get('token');
  if (given !== null && given !== '') {
    sessionStorage.setItem(TOKEN_KEY, given);
    address.searchParams.delete('token');
    window.history.replaceState(null, '', address);
    return given;
  }
  return sessionStorage.getItem(TOKEN_KEY);
}
