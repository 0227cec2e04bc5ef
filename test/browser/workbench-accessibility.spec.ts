import { expectAccessible } from './accessibility.ts';
import {
  clickLine,
  dialog,
  draftFacts,
  form,
  headText,
  openConfig,
  openPublish,
  openResource,
  openTextTab,
  servedEverywhere,
} from './config-page.ts';
import { expect, openView, test } from './fixtures.ts';

test.use({ serveArgs: ['--nodes', '24', '--cells', '2'] });

const FORM = 'section[aria-label="Form"]';
const DIALOG = '[role="dialog"]';
const HISTORY = 'main';

test('[UISTORY10] the forms of the kinds and the list of completions pass the accessibility audit', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  // Kinds share their fields: each is audited in one theme, the richest of them in both.
  const kinds = [
    { search: 'shop-preview', themes: ['dark', 'light'] },
    { search: 'internal', themes: ['dark'] },
    { search: 'search-limits', themes: ['light'] },
    { search: 'stock-partners', themes: ['dark'] },
    { search: 'winter-collection', themes: ['light'] },
    { search: 'smoke', themes: ['dark'] },
    { search: 'accounts-for-shop', themes: ['light'] },
  ] as const;
  for (const { search, themes } of kinds) {
    await page.getByLabel('Find name, host, path, backend').fill(search);
    await page
      .getByRole('treeitem', { name: new RegExp(`(^|/ )${search}`) })
      .first()
      .click();
    await expect(form(page).getByRole('heading', { level: 3 })).toContainText(search);
    const closed = form(page).locator('button[aria-expanded="false"]').first();
    if ((await closed.count()) > 0) await closed.click();
    await expectAccessible(page, { within: FORM, themes });
  }
  await clickLine(page, 'name: accounts-for-shop-teams');
  await page.keyboard.press('Enter');
  await page.keyboard.type('lab');
  await expect(page.locator('.cm-tooltip-autocomplete')).toContainText('labels');
  await expectAccessible(page, { within: '.cm-editor', themes: ['light'] });
});

test('[UISTORY11] trying, publishing, importing and comparing pass the accessibility audit', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  const head = await headText(served);
  await openResource(page, 'checkout / checkout-pages', 'checkout-pages');
  await form(page)
    .getByRole('button', { name: /path starts with/ })
    .click();
  await form(page).getByLabel('Path', { exact: true }).fill('/till');
  await form(page).getByLabel('Path', { exact: true }).press('Enter');
  await openTextTab(page, 'Try a request');
  await page
    .getByRole('combobox', { name: 'URL' })
    .fill('https://www.linden-market.example/checkout/2');
  await expect(page.getByRole('region', { name: 'Outcome: Draft' })).toContainText('web');
  await expectAccessible(page, { within: 'section[aria-label="Try a request"]' });

  await openResource(page, 'search-limits', 'search-limits');
  await form(page).getByRole('button', { name: '+ circuit breaker' }).click();
  await expect(draftFacts(page)).toContainText('2 resources changed');
  const opened = await openPublish(page);
  await opened.getByLabel('Message').fill('all at once');
  await served.must('publish', {
    text: head.replace('value: /checkout\n', 'value: /checkouts\n'),
    message: 'meanwhile',
  });
  await expect(opened.getByRole('region', { name: 'Resources that both changed' })).toContainText(
    'checkout-pages',
  );
  await expect(opened).toContainText('agent 1.2.6');
  await expect(opened).toContainText('GET /checkout/1');
  await opened.getByRole('button', { name: 'Show fields' }).click();
  await expectAccessible(page, { within: DIALOG });
  await opened.getByRole('button', { name: 'Cancel' }).click();

  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import…' }).click();
  const buffer = Buffer.from(`${head}\n---\nkind: [\n`);
  await (await chooser).setFiles({ name: 'shop.yaml', mimeType: 'application/yaml', buffer });
  await expect(dialog(page)).toContainText('How to take it in');
  await expectAccessible(page, { within: DIALOG, themes: ['light'] });
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();

  await servedEverywhere(served, 2);
  await openView(page, 'History');
  const revision = page.getByRole('region', { name: 'Revision r2' });
  await revision.getByRole('tab', { name: 'Resources' }).click();
  await expect(revision.getByRole('checkbox').first()).toBeVisible();
  await revision.getByLabel('Find a resource').fill('checkout');
  await expectAccessible(page, { within: HISTORY, themes: ['dark'] });
  await revision.getByRole('tab', { name: 'Text diff' }).click();
  await page.getByLabel('Search the history').fill('sample');
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(revision).toBeVisible();
  await expectAccessible(page, { within: HISTORY, themes: ['light'] });
});
