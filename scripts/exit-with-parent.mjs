// Preloaded into the tools that the launcher starts. A launcher that is killed with SIGKILL cannot
// hand a signal on, but its end of the channel closes.
if (process.env.HOLDFAST_EXIT_WITH_PARENT === '1') {
  // Its own children have parents of their own to watch.
  delete process.env.HOLDFAST_EXIT_WITH_PARENT;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Only listening must not keep the process alive.
  process.channel?.unref();
}
