import { readFileSync } from 'node:fs';
import type { Download, Page } from '@playwright/test';
import {
  dialog,
  draftFacts,
  draftText,
  expectDraft,
  form,
  headText,
  openConfig,
  openPublish,
  openResource,
  publishOpened,
  runFromPalette,
  servedEverywhere,
} from './config-page.ts';
import { expect, openView, test } from './fixtures.ts';

test.use({ serveArgs: ['--nodes', '12', '--cells', '2'] });

const PAYMENTS_10 = 'weight: 10\n';
const SHOP_5 = 'weight: 5\n';

async function setSecondWeight(page: Page, weight: string): Promise<void> {
  const field = form(page).getByLabel('Weight').nth(1);
  await field.fill(weight);
  await field.press('Enter');
}

test('[UISTORY4] another publishes first: what both changed is named, chosen and published in one dialog', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  const head = await headText(served);
  await openResource(page, 'checkout / payments', 'payments');
  await setSecondWeight(page, '30');
  await openResource(page, 'storefront / shop', 'storefront shop');
  await setSecondWeight(page, '6');
  await expect(draftFacts(page)).toContainText('2 resources changed');
  await openPublish(page);
  const theirs = head
    .replace(SHOP_5, 'weight: 7\n')
    .replace(
      'weight: 10\n      timeouts:\n        request: 30s',
      'weight: 10\n      timeouts:\n        request: 25s',
    );
  expect(theirs).toContain('request: 25s');
  await served.must('publish', { text: theirs, message: 'the on-call was faster' });

  const both = dialog(page).getByRole('region', { name: 'Resources that both changed' });
  await expect(both).toContainText('HTTPRoute/checkout/payments');
  await expect(both).toContainText('HTTPRoute/storefront/shop');
  const goOn = dialog(page).getByRole('button', { name: 'Continue on r2' });
  await expect(goOn).toBeDisabled();
  await both
    .getByRole('radiogroup', { name: /storefront\/shop/ })
    .getByText('Theirs')
    .click();
  await goOn.click();
  await expect(both).toBeHidden();
  await expect(dialog(page)).toContainText('1 resource changed');
  await publishOpened(page, 'thirty percent to the new acquirer');
  await servedEverywhere(served, 3);
  expect(await headText(served)).toBe(theirs.replace(PAYMENTS_10, 'weight: 30\n'));
});

async function textOf(download: Download): Promise<string> {
  return readFileSync(await download.path(), 'utf8');
}

async function importFile(page: Page, name: string, text: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import…' }).click();
  await (await chooser).setFiles({ name, mimeType: 'application/yaml', buffer: Buffer.from(text) });
}

const IMPORTED = `apiVersion: v1
kind: Service
metadata:
  name: search
  namespace: storefront
spec:
  ports:
    - name: http
      port: 9201 # moved with the new cluster
---
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: storefront
spec:
  ports:
    - port: 8080
`;

test('[UISTORY5] a file is merged in after a preview, and what is exported is the text to the byte', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  const head = await headText(served);
  const whole = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export…' }).click();
  expect(await textOf(await whole)).toBe(head);

  await importFile(page, 'search.yaml', IMPORTED);
  await expect(dialog(page)).toContainText('1 resource added, 1 changed');
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('main')).toContainText('r1, the head');

  await importFile(page, 'search.yaml', IMPORTED);
  await dialog(page).getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(draftFacts(page)).toContainText('2 resources changed');
  await expect.poll(() => draftText(served)).toContain('9201 # moved with the new cluster');
  const merged = await draftText(served);
  expect(merged.startsWith(head.slice(0, head.indexOf('kind: Service')))).toBe(true);
  const drafted = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByRole('menuitem', { name: 'The draft' }).click();
  const download = await drafted;
  expect(download.suggestedFilename()).toBe('holdfast-draft-on-r1.yaml');
  expect(await textOf(download)).toBe(merged);

  await importFile(page, 'all.yaml', IMPORTED);
  await dialog(page)
    .getByLabel(/^Replace/)
    .check();
  await expect(dialog(page)).toContainText('removed');
  await dialog(page).getByRole('button', { name: 'Replace', exact: true }).click();
  await expectDraft(served, IMPORTED);
  await page.locator('.cm-content').first().focus();
  await page.keyboard.press('Control+Z');
  await expectDraft(served, merged);
});

test('[UISTORY6] history is searched and compared, single resources are restored, and a rollback leaves the draft alone', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  const first = await headText(served);
  const second = first.replace(PAYMENTS_10, 'weight: 20\n');
  const third = second.replace(SHOP_5, 'weight: 8\n');
  await served.must('publish', { text: second, message: 'twenty to the new acquirer' });
  await served.must('publish', { text: third, message: 'more of the winter release' });
  await servedEverywhere(served, 3);
  await openResource(page, 'checkout / payments', 'payments');
  await expect(form(page)).toContainText('last touched in r2');

  await openView(page, 'History');
  const revisions = page.getByRole('listbox', { name: 'Revisions, newest first' });
  await expect(revisions.getByRole('option')).toHaveCount(3);
  const search = page.getByLabel('Search the history');
  await search.fill('acquirer');
  await expect(revisions.getByRole('option')).toHaveCount(1);
  await expect(revisions.getByRole('option')).toContainText('r2');
  await search.fill('storefront/shop');
  await expect(revisions.getByRole('option').first()).toContainText('r3');
  await search.fill('');
  await expect(revisions.getByRole('option')).toHaveCount(3);

  await revisions.getByRole('option').first().click();
  const opened = page.getByRole('region', { name: 'Revision r3' });
  await opened.getByRole('combobox', { name: 'Compare with revision' }).fill('r1');
  await opened.getByRole('combobox', { name: 'Compare with revision' }).press('Enter');
  const changed = opened.getByRole('region', { name: 'Changed resources' });
  await expect(changed).toContainText('From r1 to r3: 2 resources changed');
  await expect(changed).toContainText('HTTPRoute/checkout/payments');
  await opened.getByRole('tab', { name: 'Text diff' }).click();
  await expect(opened.locator('.cm-content').first()).toContainText('weight: 8');
  const saved = page.waitForEvent('download');
  await opened.getByRole('button', { name: 'Export…' }).click();
  expect(await textOf(await saved)).toBe(third);

  await revisions.getByRole('option').nth(2).click();
  const oldest = page.getByRole('region', { name: 'Revision r1' });
  await oldest.getByRole('tab', { name: 'Resources' }).click();
  await oldest.getByLabel('Find a resource').fill('payments');
  await oldest.getByLabel('HTTPRoute/checkout/payments', { exact: true }).check();
  await oldest.getByRole('button', { name: 'Restore 1 into the draft' }).click();
  await expect(oldest.getByRole('status')).toContainText('as in r1 now');
  const restored = third.replace('weight: 20\n', PAYMENTS_10);
  await expectDraft(served, restored);

  await page.getByRole('button', { name: 'Roll back to r1…' }).click();
  await expect(dialog(page)).toContainText('Your draft is not touched');
  await dialog(page).getByRole('button', { name: 'Roll back to r1' }).click();
  await servedEverywhere(served, 4);
  expect(await headText(served)).toBe(first);
  expect(await draftText(served)).toBe(restored);
  await openView(page, 'Config');
  await expect(page.getByText('Your draft is based on r3, head is r4.')).toBeVisible();
});

test('[UISTORY7] while the control plane is down the draft is kept and says so, and drafts of other bases open', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  const head = await headText(served);
  await served.must('publish', { text: head.replace(SHOP_5, 'weight: 9\n'), message: 'nine' });
  await servedEverywhere(served, 2);
  const older = head.replace(PAYMENTS_10, 'weight: 40\n');
  await served.must('save-draft', { text: older, base: 1 });
  await expect(page.getByRole('main')).toContainText('Draft on r1');
  await served.must('save-draft', { text: head.replace(SHOP_5, 'weight: 11\n'), base: 2 });
  await expect(page.getByRole('main')).toContainText('Draft on r2');

  await served.must('kill-control-plane', {});
  await openResource(page, 'checkout / payments', 'payments');
  await setSecondWeight(page, '50');
  await expect(page.locator('#publish-blocked')).toContainText(
    'The control plane is down. The draft is kept; publish it when the control plane is back.',
  );
  await expect.poll(() => draftText(served)).toContain('weight: 50\n');
  await expect(draftFacts(page)).toContainText('saved');

  await runFromPalette(page, 'your drafts');
  const list = dialog(page).getByRole('listitem');
  await expect(list).toHaveCount(2);
  await expect(list.filter({ hasText: 'Draft on r2' })).toContainText('open');
  await list.filter({ hasText: 'Draft on r1' }).getByRole('button', { name: 'Open' }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole('main')).toContainText('Draft on r1');
  await expect.poll(() => draftText(served)).toBe(older);
  await served.must('start-control-plane', {});
  await expect(page.getByText('Your draft is based on r1, head is r2.')).toBeVisible();
  // Typed at once: what comes before the palette's field has the keyboard is in it all the same.
  await page.keyboard.press('Control+K');
  await page.keyboard.type('your drafts');
  await expect(page.getByPlaceholder(/^Type an action/)).toHaveValue('your drafts');
  await expect(page.getByPlaceholder(/^Type an action/)).toBeFocused();
  await page.keyboard.press('Enter');
  await list.filter({ hasText: 'Draft on r1' }).getByRole('button', { name: 'Diff to r2' }).click();
  await expect(page.getByRole('region', { name: 'Changes to the head' })).toContainText('payments');

  await served.must('publish', { text: head.replace(SHOP_5, 'weight: 12\n'), message: 'twelve' });
  await expect(page.getByText('Your draft is based on r1, head is r3.')).toBeVisible();
  await runFromPalette(page, 'your drafts');
  await dialog(page).getByRole('button', { name: 'Begin one on r3' }).click();
  await expect(page.getByRole('main')).toContainText('r3, the head');
  await runFromPalette(page, 'your drafts');
  await expect(list).toHaveCount(2);
});

const SUITE_ONLY = `apiVersion: holdfast.dev/v1alpha1
kind: RequestSuite
metadata: {name: smoke, namespace: shop}
spec: {requests: [{name: front, url: "http://a.example/"}]}
`;

test('[UIPUB4] a draft that leaves nodes nothing to serve is published only once it is confirmed, and so is a rollback to it', async ({
  page,
  console: served,
}) => {
  await served.until('r1', ({ head }) => head?.revision === 1);
  await served.must('save-draft', { text: SUITE_ONLY, base: 1 });
  await openConfig(page, served);
  const asked = await openPublish(page);
  const publish = asked.getByRole('button', { name: /^Publish r2$/ });
  await asked.getByLabel('Message').fill('a slip');
  await publish.click();
  await expect(asked.getByRole('alert')).toContainText('of r1 would be removed');
  await expect(publish).toBeDisabled();
  expect((await served.status()).head?.revision).toBe(1);
  await asked.getByLabel(/^Remove every resource/).check();
  await publish.click();
  await expect(dialog(page)).toBeHidden();
  expect((await served.status()).head?.revision).toBe(2);

  await served.must('rollback', { to: 1 });
  await openView(page, 'History');
  const revisions = page.getByRole('listbox', { name: 'Revisions, newest first' });
  await expect(revisions.getByRole('option')).toHaveCount(3);
  await revisions.getByRole('option').nth(1).click();
  await page.getByRole('button', { name: 'Roll back to r2…' }).click();
  const rollBack = dialog(page).getByRole('button', { name: 'Roll back to r2' });
  await rollBack.click();
  await expect(dialog(page).getByRole('alert')).toContainText('r2 has no resource');
  await expect(rollBack).toBeDisabled();
  await dialog(page)
    .getByLabel(/^Remove every resource/)
    .check();
  await rollBack.click();
  await expect(dialog(page)).toBeHidden();
  expect((await served.status()).head?.revision).toBe(4);
});

test('[UISTORY12] a draft saved elsewhere while one types is not overwritten: the person chooses', async ({
  page,
  console: served,
}) => {
  await openConfig(page, served);
  const head = await headText(served);
  const notice = page.getByRole('status').filter({ hasText: 'saved from elsewhere' });
  /** Saves another draft in the moment between a keystroke and its own save. */
  const clash = async (mine: string, theirs: string) => {
    await expect(async () => {
      await openResource(page, 'checkout / payments', 'payments');
      await setSecondWeight(page, mine);
      await served.must('save-draft', { text: theirs, base: 1 });
      await expect(notice).toBeVisible({ timeout: 3_000 });
    }).toPass();
  };
  const theirs = head.replace(SHOP_5, 'weight: 7\n');
  await clash('30', theirs);
  expect(await draftText(served)).toBe(theirs);
  await notice.getByRole('button', { name: 'Open the other' }).click();
  await expect(notice).toBeHidden();
  await expect(draftFacts(page)).toContainText('saved');
  expect(await draftText(served)).toBe(theirs);

  const again = head.replace(SHOP_5, 'weight: 8\n');
  await clash('40', again);
  expect(await draftText(served)).toBe(again);
  await notice.getByRole('button', { name: 'Save mine over it' }).click();
  await expect(notice).toBeHidden();
  await expect.poll(() => draftText(served)).toContain('weight: 40\n');
});
