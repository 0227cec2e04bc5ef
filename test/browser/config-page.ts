import type { Locator, Page } from '@playwright/test';
import { expect, openView, type TestConsole } from './fixtures.ts';

// What the stories of the workbench do over and over, in the words of the page.

export const form = (page: Page): Locator => page.getByRole('region', { name: 'Form' });
export const yaml = (page: Page): Locator => page.locator('.cm-content').first();
export const findings = (page: Page): Locator => page.getByRole('region', { name: 'Findings' });
export const dialog = (page: Page): Locator => page.getByRole('dialog');
/** What the draft changes and whether it is saved. */
export const draftFacts = (page: Page): Locator => page.getByTestId('draft-saved');

/** Opens the workbench once every node serves the head, so that nothing moves behind the story. */
export async function openConfig(page: Page, served: TestConsole): Promise<void> {
  await served.until(
    'every node serves the head',
    ({ head, fleet, controlPlane }) =>
      controlPlane.state === 'up' &&
      head !== null &&
      fleet.inventory > 0 &&
      fleet.acknowledged + fleet.rejected === fleet.inventory,
  );
  await openView(page, 'Config');
  await expect(page.getByRole('treeitem').first()).toBeVisible();
  await expect(yaml(page)).toBeVisible();
}

/** Finds a resource in the tree by its label there, and opens it. */
export async function openResource(page: Page, label: string, search = label): Promise<void> {
  await page.getByLabel('Find name, host, path, backend').fill(search);
  await page.getByRole('treeitem', { name: label, exact: true }).first().click();
  const name = label.split(' ').at(-1) ?? label;
  await expect(form(page).getByRole('heading', { level: 3 })).toContainText(name);
}

/** Puts the cursor behind the first line in sight that holds `text`. */
export async function clickLine(page: Page, text: string): Promise<void> {
  await page.locator('.cm-line', { hasText: text }).first().click();
  await page.keyboard.press('End');
}

/** The text of the newest draft, as the host has it. */
export async function draftText(served: TestConsole): Promise<string> {
  return (await served.must('get-draft', {}))?.text ?? '';
}

export async function headText(served: TestConsole): Promise<string> {
  return (await served.must('get-config', {})).text;
}

/** Waits until the host has exactly this draft. */
export async function expectDraft(served: TestConsole, text: string): Promise<void> {
  await expect.poll(() => draftText(served)).toBe(text);
}

export async function openPublish(page: Page): Promise<Locator> {
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Publish r\d+…$/ })
    .click();
  await expect(dialog(page).getByLabel('Message')).toBeVisible();
  return dialog(page);
}

export async function publishOpened(page: Page, message: string): Promise<void> {
  await dialog(page).getByLabel('Message').fill(message);
  await dialog(page)
    .getByRole('button', { name: /^Publish r\d+$/ })
    .click();
  await expect(dialog(page)).toBeHidden();
}

/** Opens one of the tabs beside the form. */
export async function openTextTab(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('tablist', { name: 'Text' }).getByRole('tab', { name }).click();
}

/** Runs an action through the palette, from the keyboard. */
export async function runFromPalette(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+K');
  await expect(page.getByPlaceholder(/^Type an action/)).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
}

/** Waits until every node has acknowledged a revision. */
export async function servedEverywhere(served: TestConsole, revision: number): Promise<void> {
  await served.until(
    `r${revision} on every node`,
    ({ head, fleet }) =>
      head?.revision === revision && fleet.acknowledged === fleet.inventory && fleet.behind === 0,
  );
}
