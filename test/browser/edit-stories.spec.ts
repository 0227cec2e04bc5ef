import type { Locator, Page } from '@playwright/test';
import {
  clickLine,
  dialog,
  draftFacts,
  draftText,
  expectDraft,
  findings,
  form,
  headText,
  openConfig,
  openPublish,
  openResource,
  openTextTab,
  publishOpened,
  runFromPalette,
  servedEverywhere,
  yaml,
} from './config-page.ts';
import { expect, test } from './fixtures.ts';

test.use({ serveArgs: ['--nodes', '12', '--cells', '2'] });

const CHECKOUT = 'https://www.linden-market.example/checkout/2';

test('[UISTORY1] form and text are one draft with one undo, kept through a reload, reverted by resource, published', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  const head = await headText(served);
  const tenMore = head.replace('weight: 10\n', 'weight: 30\n');
  await openResource(page, 'checkout / payments', 'payments');
  const weights = form(page).getByLabel('Weight');
  await weights.nth(1).fill('30');
  await weights.nth(1).press('Enter');
  await expectDraft(served, tenMore);
  await expect(yaml(page)).toContainText('# Move in steps of 10, one a day');

  await clickLine(page, 'weight: 90');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('70');
  await expect(weights.nth(0)).toHaveValue('70');
  await expect(form(page)).toContainText('70 %');
  const both = tenMore.replace('weight: 90\n', 'weight: 70\n');
  await expectDraft(served, both);
  await expect(draftFacts(page)).toContainText('1 resource changed');

  await form(page).focus();
  await page.keyboard.press('Control+Z');
  await expect(weights.nth(0)).toHaveValue('90');
  await page.keyboard.press('Control+Z');
  await expect(weights.nth(1)).toHaveValue('10');
  await expect(draftFacts(page)).toContainText('nothing changed');
  await yaml(page).focus();
  await page.keyboard.press('Control+Y');
  await page.keyboard.press('Control+Y');
  await expectDraft(served, both);

  await openResource(page, 'storefront / shop', 'storefront shop');
  await form(page).getByLabel('Weight').nth(1).fill('6');
  await form(page).getByLabel('Weight').nth(1).press('Enter');
  await expect(draftFacts(page)).toContainText('2 resources changed');
  await form(page).getByRole('button', { name: 'Revert' }).click();
  await expect(draftFacts(page)).toContainText('1 resource changed');
  await expectDraft(served, both);

  await page.reload();
  await expect(draftFacts(page)).toContainText('1 resource changed');
  await expect(form(page).getByLabel('Weight').nth(0)).toHaveValue('70');
  await openPublish(page);
  await publishOpened(page, 'two steps at once');
  await servedEverywhere(served, 2);
  expect(await headText(served)).toBe(both);
  expect(await draftText(served)).toBe('');
});

/** Goes on with the Tab key until something has the keyboard. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  await expect(target).toBeFocused();
}

/** A mend takes its own button away; the next Tab must not begin at the top of the page. */
async function expectKeyboardIn(part: Locator): Promise<void> {
  await expect
    .poll(() => part.evaluate((element) => element.contains(document.activeElement)))
    .toBe(true);
}

test('[UISTORY2] from the keyboard alone: from the tree to a rule, a condition, a backend, its problem mended, published', async ({
  page,
  console: served,
}) => {
  await served.until('the head is there', ({ head }) => head !== null);
  await runFromPalette(page, 'go to config');
  await expect(page.getByRole('treeitem').first()).toBeVisible();
  await tabTo(page, page.getByLabel('Find name, host, path, backend'));
  await page.keyboard.type('mini-cart');
  await expect(page.getByRole('treeitem').last()).toContainText('mini-cart');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(form(page)).toBeFocused();
  const rule = form(page).getByRole('region', { name: 'Rule 1' });

  await tabTo(page, rule.getByRole('button', { name: '+ or when' }));
  await page.keyboard.press('Enter');
  await expect(rule.getByLabel('How the path is compared')).toBeFocused();
  await tabTo(page, rule.getByLabel('Path', { exact: true }));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('/small-cart');
  await page.keyboard.press('Enter');
  await expect(rule).toContainText('path starts with /small-cart');

  await tabTo(page, rule.getByRole('button', { name: '+ another backend' }));
  await page.keyboard.press('Enter');
  const added = rule.getByRole('group', { name: 'backend 2' });
  await expect(added.getByLabel('Backend')).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('web-nxt');
  await page.keyboard.press('Enter');
  await tabTo(page, rule.getByLabel('Weight').nth(1), 'Shift+Tab');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  await expect(rule).toContainText('75 %');
  const problems = findings(page).getByRole('list', { name: 'Problems of the text' });
  await expect(problems.getByRole('listitem')).toHaveCount(2);
  await tabTo(
    page,
    form(page)
      .getByRole('button', { name: /Use web-next|web-next/ })
      .last(),
  );
  await page.keyboard.press('Enter');
  await expect(problems.getByRole('listitem')).toHaveCount(1);
  await expectKeyboardIn(form(page));
  // A prefix that is rewritten wants a rule of its own: the mend makes two of it.
  await tabTo(page, form(page).getByRole('button', { name: 'Split into 2 rules' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(form(page).getByRole('region', { name: 'Rule 2' })).toContainText('/small-cart');
  await expect(problems).toBeHidden();
  await expectKeyboardIn(form(page));
  await expect(page.getByRole('main').getByRole('button', { name: 'Publish r2…' })).toBeEnabled();

  await runFromPalette(page, 'publish draft');
  await expect(dialog(page).getByLabel('Message')).toBeFocused();
  await page.keyboard.type('try the next release on the small cart');
  await page.keyboard.press('Control+Enter');
  await expect(dialog(page)).toBeHidden();
  await servedEverywhere(served, 2);
  const text = await headText(served);
  expect(text).toContain('value: /small-cart');
  expect(text).not.toContain('web-nxt');
});

test('[UISTORY3] a request is tried at head and in the draft, joins the suite, and is named before publishing', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  await openTextTab(page, 'Try a request');
  await page.getByRole('combobox', { name: 'URL' }).fill(CHECKOUT);
  await expect(page.getByRole('region', { name: 'Outcome: r1' })).toContainText('checkout-pages');
  await page.getByRole('button', { name: 'Add to suite' }).click();
  await expect(page.getByRole('region', { name: 'Outcome: r1 and the draft alike' })).toContainText(
    'checkout/orders',
  );
  await expect.poll(() => draftText(served)).toContain('backend: checkout/orders\n');

  await openResource(page, 'checkout / checkout-pages', 'checkout-pages');
  await form(page)
    .getByRole('button', { name: /path starts with/ })
    .click();
  await form(page).getByLabel('Path', { exact: true }).fill('/till');
  await form(page).getByLabel('Path', { exact: true }).press('Enter');
  await expect(page.getByRole('region', { name: 'Outcome: Draft' })).toContainText(
    'storefront/web',
  );
  await expect(page.getByRole('region', { name: 'Outcome: r1' })).toContainText('checkout/orders');

  const opened = await openPublish(page);
  const elsewhere = opened.getByRole('region', { name: 'Requests that publishing changes' });
  await expect(elsewhere).toContainText('GET /checkout/2 orders becomes web 95 %');
  await expect(elsewhere).toContainText('storefront/web');
  await elsewhere.getByRole('button', { name: /checkout\/2/ }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole('combobox', { name: 'URL' })).toHaveValue(CHECKOUT);
});
