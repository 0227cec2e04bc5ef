import type { Page } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { expect, openView, test } from './fixtures.ts';

test.use({ serveArgs: ['--nodes', '12', '--cells', '2'] });

const form = (page: Page) => page.getByRole('region', { name: 'Form' });
const text = (page: Page) => page.locator('.cm-content');

async function openRoute(page: Page, name: string): Promise<void> {
  await openView(page, 'Config');
  await expect(page.getByRole('treeitem').first()).toBeVisible();
  await page.getByLabel('Find name, host, path, backend').fill(name);
  // The tree follows the search a frame later.
  await expect(page.getByRole('treeitem').last()).toContainText(name);
  await page.keyboard.press('ArrowDown');
  // The keyboard goes to the route itself: typing its label finds it.
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
}

test('[UIWORK24] from the keyboard alone: find a resource, duplicate, undo from the form, publish', async ({
  page,
  console: served,
}) => {
  await served.until('the head is there', (s) => s.head !== null && s.controlPlane.state === 'up');
  await openRoute(page, 'cart-for-storefront');
  await expect(form(page)).toContainText('cart-for-storefront');
  await expect(form(page)).toBeFocused();
  await page.keyboard.press('Control+K');
  await page.keyboard.type('duplicate resource');
  await page.keyboard.press('Enter');
  await expect(form(page)).toContainText('cart-for-storefront-copy');
  await expect(page.getByTestId('draft-saved')).toContainText('1 resource changed');
  await form(page).focus();
  await page.keyboard.press('Control+Z');
  await expect(page.getByTestId('draft-saved')).toContainText('nothing changed');
  await page.keyboard.press('Control+Shift+Z');
  await expect(page.getByTestId('draft-saved')).toContainText('1 resource changed');
  await page.keyboard.press('Control+K');
  await page.keyboard.type('publish draft');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Message')).toBeFocused();
  await expect(dialog).toContainText('cart-for-storefront-copy');
  await expect(dialog).toContainText('none of');
  await page.keyboard.type('a second grant');
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await served.until('r2 is the head', (s) => s.head?.revision === 2);
});

test('[UIWORK25] an edit shows which requests it sends elsewhere, and a revert takes it back', async ({
  page,
  console: served,
}) => {
  await served.until('the head is there', (s) => s.head !== null && s.controlPlane.state === 'up');
  await openRoute(page, 'cart-pages');
  await expect(form(page)).toContainText('cart-pages');
  await text(page).locator('.cm-line', { hasText: 'value: /cart' }).first().click();
  await page.keyboard.press('End');
  await page.keyboard.type('-moved');
  await expect(page.getByTestId('draft-saved')).toContainText('1 resource changed');
  const tabs = page.getByRole('tablist', { name: 'Text' });
  await tabs.getByRole('tab', { name: 'Try a request' }).click();
  await page
    .getByRole('combobox', { name: 'URL' })
    .fill('https://www.linden-market.example/cart-moved');
  await expect(page.getByRole('region', { name: 'Outcome: Draft' })).toContainText('cart-pages');
  await expect(page.getByRole('region', { name: 'Outcome: r1' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Add to suite' }).click();
  await tabs.getByRole('tab', { name: /^Diff to/ }).click();
  await expect(page.getByRole('region', { name: 'Changes to the head' })).toContainText(
    'RequestSuite',
  );
  await page.getByRole('button', { name: /^Revert HTTPRoute.*cart-pages/ }).click();
  await expect(page.getByRole('region', { name: 'Changes to the head' })).not.toContainText(
    'cart-pages',
  );
});
