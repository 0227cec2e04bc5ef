import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForecastComparison, ForecastFigure } from '../../../core/rehearsal/kept-forecast.ts';
import {
  comparisonWords,
  curveWords,
  namesOutside,
  othersOutside,
  overallVerdict,
} from '../../../renderer/forecast/comparison-words.ts';
import { band } from '../config/rehearsal/forecast-fixture.ts';

const figure = (
  name: ForecastFigure['name'],
  actual: number | null,
  verdict: ForecastFigure['verdict'],
): ForecastFigure => ({ name, predicted: band(38, 45, 55), actual, verdict });

const compared = (
  figures: readonly ForecastFigure[],
  isFinal = true,
  curveWithinPerMille: number | null = null,
): ForecastComparison => ({ figures, isFinal, curveWithinPerMille, summary: 'A summary' });

test('[UIREH17] each figure has its prediction, what came of it and a verdict in words', () => {
  const words = comparisonWords(
    compared([
      figure('t50', 45, 'within'),
      figure('t99', 61, 'above'),
      figure('t95', 30, 'below'),
      figure('reached', 37, 'below'),
      figure('bytes', 61, 'above'),
      figure('nodesRejecting', null, 'open'),
      figure('t100', null, 'above'),
    ]),
  );
  assert.deepEqual(
    words.map(({ label, predicted, actual, verdictText }) =>
      [label, predicted, actual, verdictText].join(' | '),
    ),
    [
      '50 % of nodes | 38–55 ms | 45 ms | as predicted',
      '99 % of nodes | 38–55 ms | 61 ms | slower than predicted',
      '95 % of nodes | 38–55 ms | 30 ms | faster than predicted',
      'Nodes that acknowledge it | 38–55 | 37 | fewer than predicted',
      'Sent | 38–55 B | 61 B | more than predicted',
      'Nodes that reject it | 38–55 | not known | still open',
      'All nodes | 38–55 ms | not reached | slower than predicted',
    ],
  );
  const [open] = comparisonWords(compared([figure('t100', null, 'open')], false));
  assert.equal(open?.actual, 'not yet');
});

test('[UIREH18] what is not as predicted is named, also where the summary does not speak of it', () => {
  const both = compared([
    figure('t95', 61, 'above'),
    figure('t99', 61, 'above'),
    figure('bytes', 61, 'above'),
  ]);
  assert.deepEqual(namesOutside(both), ['T95', 'T99', 'bytes']);
  assert.equal(othersOutside(both), 'also not as predicted: T95, bytes');
  const bytesAlone = compared([figure('t99', 45, 'within'), figure('bytes', 61, 'above')]);
  assert.equal(othersOutside(bytesAlone), 'not as predicted: bytes');
  assert.equal(othersOutside(compared([figure('t99', 61, 'above')])), null);
});

test('[UIREH19] the whole is open until it is told, and not as predicted as soon as one figure is not', () => {
  const within = figure('t50', 45, 'within');
  assert.equal(overallVerdict(compared([within])), 'within');
  assert.equal(overallVerdict(compared([within], false)), 'open');
  const early = figure('t50', 30, 'below');
  assert.equal(overallVerdict(compared([within, early], false)), 'below');
  assert.equal(overallVerdict(compared([early, figure('t99', 61, 'above')])), 'above');
});

test('[UIREH20] how much of the curve lies in the band is said without rounding to all or nothing', () => {
  const words = (perMille: number | null) => curveWords(compared([], true, perMille));
  assert.equal(words(null), null);
  assert.equal(words(1_000), 'The whole curve lies in the predicted band.');
  assert.equal(words(0), 'None of the curve lies in the predicted band.');
  assert.equal(words(999), "99.9 % of the curve's instants lie in the predicted band.");
  assert.equal(words(870), "87 % of the curve's instants lie in the predicted band.");
});
