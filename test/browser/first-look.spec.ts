import { expectAccessible } from './accessibility.ts';
import { expect, openView, test } from './fixtures.ts';

test.use({ serveArgs: ['--nodes', '24', '--cells', '2'] });

test('[UI1] the page opens on a fleet that serves, and the token leaves the address bar', async ({
  page,
  console: served,
}) => {
  await served.until('every node serves the head', ({ fleet }) => fleet.acknowledged === 24);
  await expect(page).toHaveTitle(/Holdfast/);
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible();
  expect(page.url()).not.toContain('token');
});

test('[UI2] a page that is loaded again finds its console by itself', async ({ page }) => {
  await page.reload();
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible();
});

test('[UI3] every view opens from the navigation', async ({ page }) => {
  for (const name of ['Config', 'History', 'Control plane', 'Events', 'Fleet']) {
    await openView(page, name);
  }
});

test('[A11Y1] the first view passes the accessibility audit in both themes', async ({
  page,
  console: served,
}) => {
  await served.until('every node serves the head', ({ fleet }) => fleet.acknowledged === 24);
  await expectAccessible(page);
});
