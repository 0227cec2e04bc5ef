import process from 'node:process';
import { runSwarm } from './run-swarm.ts';
import { readSwarmArguments, SWARM_USAGE } from './swarm-arguments.ts';
import { failedSeedText, swarmBeginText, swarmReportText } from './swarm-text.ts';

const EXIT_USAGE = 2;

/** Entry of `npm run swarm`. Exit 0: all seeds held; 1: some did not, or it was stopped; 2: usage. */
async function main(args: readonly string[]): Promise<number> {
  const command = readSwarmArguments(args);
  if (!command.ok) {
    process.stderr.write(`${command.error}\n${SWARM_USAGE}\n`);
    return EXIT_USAGE;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const { json } = command.value;
  if (!json) process.stdout.write(swarmBeginText(command.value));
  const report = await runSwarm(command.value, stop.signal, (failed) => {
    if (!json) process.stdout.write(failedSeedText(failed));
  });
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : swarmReportText(report));
  return report.failures.length > 0 || report.isStopped ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
