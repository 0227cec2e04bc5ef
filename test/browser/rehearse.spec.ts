import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import {
  dialog,
  expectDraft,
  headText,
  openConfig,
  openPublish,
  openTextTab,
  publishOpened,
  runFromPalette,
  servedEverywhere,
} from './config-page.ts';
import { expect, openView, type TestConsole, test } from './fixtures.ts';

test.use({ serveArgs: ['--nodes', '10', '--cells', '2'] });

const DIALOG = '[role="dialog"]';
const rehearsal = (page: Page): Locator => dialog(page).getByRole('region', { name: 'Rehearse' });
/** A time or a span of times, as the bands are told. */
const BAND = /\d (?:ms|s)$/;

/** Begins a draft in which one route has gone elsewhere; a valid one. */
async function saveDraft(page: Page, served: TestConsole, path: string): Promise<void> {
  const head = await headText(served);
  const text = head.replace('value: /checkout\n', `value: ${path}\n`);
  await served.must('save-draft', { text, base: 1 });
  await expectDraft(served, text);
  await expect(page.getByTestId('draft-saved')).toContainText('1 resource changed');
}

async function expectRehearsed(page: Page): Promise<void> {
  await expect(rehearsal(page)).toContainText(/\d seeds? in \d+\.\d s/, { timeout: 60_000 });
  await expect(rehearsal(page)).toContainText(/All 10 nodes acknowledge it after/);
}

test('[UIREH22] a draft is rehearsed, published and compared with its prediction', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  await saveDraft(page, served, '/checkouts');
  await openPublish(page);
  await rehearsal(page).getByRole('button', { name: 'Rehearse' }).click();
  await expect(rehearsal(page).getByRole('progressbar')).toBeVisible();
  await expectRehearsed(page);
  const reached = rehearsal(page).getByRole('row', { name: /acknowledged after/ });
  await expect(reached.getByRole('cell')).toHaveText([BAND, BAND, BAND, BAND]);
  await expect(rehearsal(page).locator('[data-part="band"]')).toBeVisible();
  await expect(rehearsal(page)).toContainText('10 nodes, ');
  await publishOpened(page, 'rehearsed');
  await servedEverywhere(served, 2);

  await openView(page, 'Fleet');
  const panel = page.getByRole('region', { name: /^Convergence/ });
  await expect(panel).toContainText(/99 % took .* (?:was|were) predicted/);
  for (const part of ['band', 'actual']) {
    await expect(panel.locator(`[data-part="${part}"]`)).toBeVisible();
  }

  await openView(page, 'History');
  const revision = page.getByRole('region', { name: 'Revision r2' });
  await expect(revision).toContainText(/99 % took .* (?:was|were) predicted/);
  await revision.getByRole('tab', { name: 'Prediction' }).click();
  await expect(revision.getByRole('row', { name: /^99 % of nodes/ })).toContainText(
    /as predicted|slower than predicted|faster than predicted/,
  );
  await expect(revision.locator('[data-part="actual"]')).toBeVisible();
  await expectAccessible(page, { within: 'main', themes: ['light'] });
  await page.getByRole('option', { name: /Sample config/ }).click();
  await expect(page.getByRole('tabpanel')).toContainText('r1 was not rehearsed');

  // How far that was off stands beside where the times of the next one are from, and moves nothing.
  const head = await headText(served);
  const text = head.replace('value: /checkouts\n', 'value: /basket\n');
  await served.must('save-draft', { text, base: 2 });
  await openConfig(page, served);
  await expect(page.getByTestId('draft-saved')).toContainText('1 resource changed');
  await openPublish(page);
  const heightBefore = (await dialog(page).boundingBox())?.height;
  await rehearsal(page).getByRole('button', { name: 'Rehearse' }).click();
  await expectRehearsed(page);
  await expect(rehearsal(page)).toContainText(/The last rehearsed publish took .* as predicted\./);
  expect((await dialog(page).boundingBox())?.height).toBe(heightBefore);
});

test('[UIREH23] from the keyboard and the palette a rehearsal is begun, stopped and outdated', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  await saveDraft(page, served, '/checkouts');
  await runFromPalette(page, 'Rehearse the draft');
  const stop = rehearsal(page).getByRole('button', { name: 'Stop' });
  await expect(rehearsal(page).getByRole('progressbar')).toHaveAttribute(
    'aria-valuetext',
    /[1-9]\d* seeds? done/,
  );
  await stop.press('Enter');
  await expectRehearsed(page);
  await expect(rehearsal(page)).toContainText('stopped');
  await expectAccessible(page, { within: DIALOG });

  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await openTextTab(page, 'YAML');
  await page.locator('.cm-content').first().press('Control+End');
  await page.keyboard.type('# as yet unrehearsed');
  await openPublish(page);
  await expect(rehearsal(page)).toContainText('Outdated: the draft has changed');

  // Enter chooses what breaks; it does not publish, though a message is there.
  await dialog(page).getByLabel('Message').fill('not yet');
  const breaks = rehearsal(page).getByLabel('What breaks after the publish');
  await breaks.press('Enter');
  await expect(page.getByRole('option', { name: 'Nothing further' })).toBeVisible();
  await breaks.press('ArrowDown');
  await breaks.press('ArrowDown');
  await breaks.press('Enter');
  await expect(breaks).toHaveValue('One cell cut off for 30 s');
  await expect(rehearsal(page).getByLabel('Cell')).toHaveValue('eu-west');
  await expect(dialog(page)).toBeVisible();
});
