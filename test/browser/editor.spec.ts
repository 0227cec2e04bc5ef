import type { Page } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { expect, openView, test } from './fixtures.ts';

test.use({ serveArgs: ['--nodes', '12', '--cells', '2'] });

const line = (page: Page, text: string) =>
  page.locator('.cm-line', { hasText: text }).filter({ visible: true }).first();
const list = (page: Page) => page.getByRole('listbox', { name: 'Completions' });

test('[UIEDIT5] the keyboard completes a field, the pointer explains it, one key mends it', async ({
  page,
  console: served,
}) => {
  await served.until('the head is there', (s) => s.head !== null && s.controlPlane.state === 'up');
  await openView(page, 'Config');
  await expect(page.getByRole('treeitem').first()).toBeVisible();
  await page.getByLabel('Find name, host, path, backend').fill('winter-collection');
  await page.getByRole('treeitem', { name: /winter-collection.*25 %/ }).click();
  await line(page, 'mode: Conditional').click();
  await page.keyboard.press('End');
  await page.keyboard.press('Control+Backspace');
  await page.keyboard.type('O');
  await expect(list(page).getByRole('option')).toHaveText(['On', 'Off']);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(list(page)).toBeHidden();
  await page.keyboard.type('nn');
  await expect(page.locator('.cm-lintRange-error').first()).toBeVisible();
  await page.keyboard.press('Control+.');
  await expect(line(page, 'mode: ')).toContainText(/mode: "?On"?$/);

  await line(page, 'mode: ').getByText('mode').hover();
  const card = page.locator('.cm-tooltip-hover');
  await expect(card).toContainText('On, Off or Conditional.');
  await expectAccessible(page);
});
