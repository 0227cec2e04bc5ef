const PARENT_POLL_MS = 500;
const EXIT_BY_SIGTERM = 143;

/**
 * npm hands SIGTERM to the shell that it runs a script in, and that shell dies without handing it on.
 * So under npm a launcher that finds itself with another parent takes the signal as meant for it.
 */
export function endWithNpm() {
  // A launcher that was started by a launcher hears of its end through their channel.
  if (process.env.npm_command === undefined || process.connected) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    // Whoever waits for a child hands it on; see `exitOf`.
    process.emit('SIGTERM', 'SIGTERM');
    process.exit(EXIT_BY_SIGTERM);
  }, PARENT_POLL_MS).unref();
}
