import type { FailedSeed, SwarmReport } from './run-swarm.ts';

const MS_PER_SECOND = 1_000;
const MS_PER_HOUR = 3_600_000;

/** A failing seed, for people: what, when, with which faults, and how to see it again. */
export function failedSeedText(failed: FailedSeed): string {
  const { seed, phase, sentence, step, atMs, nodes, faults, faultsDrawn, isMinimal } = failed;
  const lines = [
    `FAILED  seed ${seed}, ${phase}: ${sentence}`,
    `        at ${(atMs / MS_PER_SECOND).toFixed(3)} s, step ${step}, ${nodes} nodes, trace ${failed.traceHash}`,
    `        faults: ${faults.length} of ${faultsDrawn} are enough${isMinimal ? '' : ' (perhaps fewer)'}`,
    ...faults.map(
      ({ index, atMs: fromMs, words }) =>
        `          ${index}: at ${(fromMs / MS_PER_SECOND).toFixed(3)} s, ${words}`,
    ),
    `        again: ${failed.replay}`,
  ];
  if (faults.length < faultsDrawn) lines.push(`        less:  ${failed.replayMinimised}`);
  return `${lines.join('\n')}\n`;
}

/** Before the first seed: what is about to be run, and how to end it. */
export function swarmBeginText({ seeds, from }: Pick<SwarmReport, 'seeds' | 'from'>): string {
  const which = seeds === 1 ? `Seed ${from}` : `Seeds ${from} to ${from + seeds - 1}`;
  return `${which}. Ctrl-C ends the run and reports what was done.\n`;
}

/** What was done, in a line or two. */
export function swarmReportText(report: SwarmReport): string {
  const { ran, seeds, from, failures, isStopped, virtualMs, wallMs, seedsPerMinute } = report;
  const of = (phase: string) => failures.filter((failed) => failed.phase === phase).length;
  const which = ran === 0 ? '' : ` (${from} to ${from + ran - 1})`;
  const lines = [
    `${ran} of ${seeds} seeds${which}: ${ran - failures.length} held, ${of('safety')} broke safety, ${of('liveness')} broke liveness`,
    `${(virtualMs / MS_PER_HOUR).toFixed(1)} hours of virtual time in ${(wallMs / MS_PER_SECOND).toFixed(1)} s, ${Math.round(seedsPerMinute)} seeds a minute`,
  ];
  if (isStopped) lines.unshift('Stopped before the end.');
  else if (ran < seeds) lines.unshift('Ended early: that many failures tell enough.');
  return `${lines.join('\n')}\n`;
}
