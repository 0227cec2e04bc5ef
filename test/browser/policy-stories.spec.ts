import {
  clickLine,
  dialog,
  draftFacts,
  draftText,
  findings,
  form,
  openConfig,
  openPublish,
  openResource,
  publishOpened,
  servedEverywhere,
} from './config-page.ts';
import { expect, test } from './fixtures.ts';

// Enough nodes for one of an older agent to be among them.
test.use({ serveArgs: ['--nodes', '24', '--cells', '2'] });

test('[UISTORY8] a limit is begun from the tree, those who would reject it are named, and it is seen in effect', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  await openResource(page, 'storefront / shop', 'storefront shop');
  await page.getByRole('button', { name: 'New resource' }).click();
  await page.getByRole('menuitem', { name: 'New TrafficPolicy' }).click();
  await expect(form(page)).toContainText('new-trafficpolicy');
  await form(page)
    .getByRole('button', { name: /^route / })
    .click();
  const target = form(page).getByRole('group', { name: 'target 1' });
  await target.getByLabel('Name').fill('product-pa');
  await page.getByRole('option', { name: 'product-pages' }).click();
  await form(page)
    .getByRole('button', { name: /requests each/ })
    .click();
  const rate = form(page).getByRole('group', { name: 'Rate' });
  for (const [label, value] of [
    ['Requests', '1'],
    ['Each', '1m'],
  ] as const) {
    await rate.getByLabel(label).fill(value);
    await rate.getByLabel(label).press('Enter');
  }
  await expect(form(page)).toContainText('1 requests each 1m');

  const rejected = findings(page).getByRole('region', { name: 'If published' });
  await expect(rejected).toContainText('no node');
  await form(page).getByRole('button', { name: '+ circuit breaker' }).click();
  await expect(rejected).toContainText(/\d nodes?, agent 1\.2\.6/);
  await form(page).getByRole('button', { name: 'Remove Breaker' }).click();
  await expect(rejected).toContainText('no node');

  await openPublish(page);
  await expect(dialog(page)).toContainText('TrafficPolicy');
  await publishOpened(page, 'limit the product pages');
  await servedEverywhere(served, 2);
  await served.until('requests are limited', ({ traffic }) => traffic.limitedPerSecond > 0);
  await expect(page.locator('[data-fact="serving"]')).toContainText('limited');
});

test('[UISTORY9] a draft that holds what looks like a secret is refused with what to do about it', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  await openResource(page, 'stock-partners', 'stock-partners');
  await clickLine(page, 'name: stock-partners');
  await page.keyboard.press('Enter');
  const token = `ghp_${'1a2B3c'.repeat(6)}`;
  await page.keyboard.type(`# ${token}`);
  const problems = findings(page).getByRole('list', { name: 'Problems of the text' });
  await expect(problems).toContainText('This looks like a GitHub token');
  await expect(problems).toContainText('put a hash, a public key or the name of a Secret');
  await expect(problems).not.toContainText('ghp_');
  await expect(page.getByRole('main').getByRole('button', { name: 'Publish r2…' })).toBeDisabled();
  // All of it: what was saved while it was being typed is no token yet.
  await expect.poll(() => draftText(served)).toContain(token);
  const text = await draftText(served);
  const refused = await served.client.request('publish', { text, message: 'a secret' });
  expect(refused.ok ? 'published' : refused.error.reason).toBe('invalid-config');
  await page.keyboard.press('Control+Z');
  await expect(draftFacts(page)).toContainText('nothing changed');
});
