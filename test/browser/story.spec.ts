import type { Page } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { expect, openView, type TestConsole, test } from './fixtures.ts';

const NODES = 40;
const ALL = `${NODES} / ${NODES} serving`;

test.use({ serveArgs: ['--nodes', String(NODES), '--cells', '4'] });
test.describe.configure({ timeout: 180_000 });

/** The value of one of the status bar's five facts. */
const fact = (page: Page, id: string) => page.locator(`[data-fact="${id}"]`);
const confirm = (page: Page, name: string | RegExp) =>
  page.getByRole('dialog').getByRole('button', { name }).click();

async function settled(served: TestConsole): Promise<void> {
  await served.until(
    'every node serves the head',
    (s) =>
      s.controlPlane.state === 'up' &&
      s.head !== null &&
      s.fleet.inventory > 0 &&
      s.fleet.connected === s.fleet.inventory &&
      s.fleet.acknowledged + s.fleet.rejected === s.fleet.inventory &&
      s.fleet.behind === s.fleet.rejected,
    60_000,
  );
}

/** Opens a resource by searching the tree for it. */
async function openResource(page: Page, search: string, name: RegExp): Promise<void> {
  await page.getByLabel('Find name, host, path, backend').fill(search);
  await page.getByRole('tree').getByRole('treeitem', { name }).last().click();
}

/** Adds a line behind the one that shows `after`, as a person would. */
async function addLine(page: Page, after: string, line: string): Promise<void> {
  await page.locator('.cm-line', { hasText: after }).first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type(line);
}

async function publish(page: Page, message: string): Promise<void> {
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Publish r\d+…$/ })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Message').fill(message);
  await dialog.getByRole('button', { name: /^Publish r\d+$/ }).click();
  await expect(dialog).toBeHidden();
}

test('[STORY1] edit, see problems with their lines, publish, watch it converge, compare, roll back', async ({
  page,
  console: served,
}) => {
  await settled(served);
  await expect(fact(page, 'serving')).toContainText(ALL);
  await openView(page, 'Config');
  await openResource(page, 'storefront namespace', /storefront/);
  await addLine(page, 'team: storefront', 'tier: gold');
  await addLine(page, 'tier: gold', 'broken: [');
  const problems = page.getByRole('list', { name: 'Problems of the text' });
  await expect(problems).toContainText(/line 1[4-6]/);
  await expect(page.getByRole('button', { name: /^Publish r2…$/ })).toBeDisabled();
  await page.keyboard.press('Control+Shift+K'); // deletes the line
  await expect(problems).toBeHidden();
  await publish(page, 'mark storefront as gold');
  await openView(page, 'Fleet');
  await expect(fact(page, 'acknowledged')).toContainText(`r2 on ${NODES} of ${NODES}`);
  await expect(page.getByText('T100').first()).toBeVisible();
  const { convergence } = await served.until('T100', (s) => s.convergence?.t100Ms != null);
  expect(convergence?.revision).toBe(2);

  await openView(page, 'History');
  const revisions = page.getByRole('listbox', { name: 'Revisions, newest first' });
  await expect(revisions.getByRole('option')).toHaveCount(2);
  await revisions.getByRole('option').first().click();
  await expect(page.getByLabel('Changed resources')).toContainText('gold');
  await page.getByRole('tab', { name: 'Text diff' }).click();
  await expect(page.locator('.cm-changedLine, .cm-insertedLine').first()).toBeVisible();
  await expectAccessible(page);
  await revisions.getByRole('option').nth(1).click();
  await page.getByRole('tab', { name: 'Text', exact: true }).click();
  await expect(page.locator('.cm-content')).toContainText('Linden Market');
  await page.getByRole('button', { name: 'Roll back to r1…' }).click();
  await confirm(page, /^Publish r3|^Roll back/);
  await served.until('r3 is everywhere', (s) => s.head?.revision === 3);
  await settled(served);
  await expect(revisions.getByRole('option')).toHaveCount(3);
  const { text } = await served.must('get-config', {});
  expect(text).not.toContain('gold');
});

test('[STORY2] kill the control plane: serving goes on, clocks run, publishing waits, the draft is kept', async ({
  page,
  console: served,
}) => {
  await settled(served);
  await page.getByRole('button', { name: 'Kill control plane' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('SIGKILL');
  await confirm(page, /Kill/);
  await expect(fact(page, 'control-plane')).toContainText('Control plane down');
  await expect(fact(page, 'serving')).toContainText(ALL);
  const atOnce = await served.until('all links are lost', (s) => s.fleet.connected === 0);
  await served.until(
    'the unverified clock runs on',
    (s) => s.staleness.unverifiedMsMax > atOnce.staleness.unverifiedMsMax + 2_000,
  );
  const during = await served.status();
  expect(during.traffic.successRate).toBe(1);
  expect(during.traffic.requestsPerSecond).toBeGreaterThan(0);
  await expectAccessible(page);

  await openView(page, 'Config');
  await openResource(page, 'storefront namespace', /storefront/);
  await addLine(page, 'team: storefront', 'tier: silver');
  await expect(page.getByRole('button', { name: /^Publish r2…$/ })).toBeDisabled();
  await expect(page.locator('#publish-blocked')).toContainText(/control plane is down/i);
  await expect(page.getByTestId('draft-saved')).toContainText('saved');
  await expectAccessible(page);
  await openView(page, 'Control plane');
  await expectAccessible(page);
  await page.reload();
  await openView(page, 'Config');
  await expect(page.locator('.cm-content')).toContainText('tier: silver');

  await page.getByRole('button', { name: 'Start control plane' }).click();
  await settled(served);
  expect((await served.status()).controlPlaneLoad?.pushesFull).toBe(0);
  await publish(page, 'published after the outage');
  await served.until('r2 is the head', (s) => s.head?.revision === 2);
  await settled(served);
});

test('[STORY3] kill the simulator: the console starts it again and its nodes serve from their disks', async ({
  page,
  console: served,
}) => {
  await settled(served);
  const { pid } = (await served.status()).simulator;
  await page.getByRole('button', { name: 'Break something…' }).click();
  await page.getByRole('menuitem', { name: /Kill simulator/ }).click();
  await confirm(page, /Kill/);
  await served.until(
    'the simulator is back',
    (s) => s.simulator.state === 'up' && s.simulator.pid !== pid && s.fleet.serving === NODES,
  );
  await settled(served);
  expect((await served.status()).controlPlaneLoad?.pushesFull).toBe(NODES);
  await openView(page, 'Events');
  await expect(page.getByRole('main')).toContainText(/simulator/i);
  await expectAccessible(page);
});

test('[STORY4] restart a cell, slow and cut its links, take it off again', async ({
  page,
  console: served,
}) => {
  await settled(served);
  const choose = async (item: RegExp) => {
    await page.getByRole('button', { name: 'Break something…' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const pickCell = async (label: string) => {
    await page.getByRole('dialog').getByLabel(label, { exact: true }).click();
    await page.getByRole('option', { name: /eu-west/ }).click();
  };
  const fullBefore = (await served.status()).controlPlaneLoad?.pushesFull ?? 0;
  await choose(/Restart nodes…/);
  await pickCell('What to restart');
  await page.getByText('Wipe the disks').click();
  await confirm(page, /^Restart \d+ nodes$/);
  await served.until('the cell is down', (s) => s.fleet.serving < NODES);
  await served.until(
    'wiped nodes were sent everything',
    (s) => (s.controlPlaneLoad?.pushesFull ?? 0) > fullBefore,
  );
  await settled(served);

  await choose(/Add latency to links…/);
  await pickCell('Whose links');
  await confirm(page, /^Slow down \d+ nodes$/);
  await served.until('latency is in force', (s) => s.faults.length === 1);
  const base = (await served.must('get-config', {})).text;
  await served.must('publish', { text: `${base}\n# slow\n`, message: 'through slow links' });
  const slow = await served.until(
    'T100',
    (s) => s.convergence?.t100Ms != null && s.head?.revision === 2,
  );
  expect(slow.convergence?.t100Ms).toBeGreaterThan(400);
  await choose(/^latency 400 ms, cell eu-west/);
  await page.keyboard.press('Escape');
  await served.until('no fault is left', (s) => s.faults.length === 0);

  await choose(/Cut links…/);
  await pickCell('Whose links');
  await confirm(page, /^Cut off \d+ nodes$/);
  const cut = await served.until(
    'the cell has lost its links',
    (s) => s.fleet.connected < NODES,
    60_000,
  );
  expect(cut.fleet.serving).toBe(NODES);
  await choose(/^links cut, cell eu-west/);
  await page.keyboard.press('Escape');
  await settled(served);
});

test('[STORY5] inspect a node, retire it, resize the fleet, reset to the first run', async ({
  page,
  console: served,
}) => {
  await settled(served);
  const map = page.getByRole('listbox', { name: /^Map of 40 nodes/ });
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const inspector = page.getByRole('complementary', { name: /^Node / });
  await expect(inspector).toContainText('r1');
  await expect(inspector).toContainText(/control plane/i);
  await expectAccessible(page);
  await inspector.getByRole('button', { name: /Retire/ }).click();
  await confirm(page, /Retire/);
  await served.until('one node less', (s) => s.fleet.inventory === NODES - 1);

  await page.getByRole('button', { name: 'Break something…' }).click();
  await page.getByRole('menuitem', { name: /Resize fleet/ }).click();
  await page.getByRole('dialog').getByLabel('Nodes').fill('60');
  await confirm(page, 'Resize fleet');
  await served.until('the new nodes serve', (s) => s.fleet.serving === 60);
  await settled(served);
  await expect(fact(page, 'serving')).toContainText('60 / 60 serving');

  await page.getByRole('button', { name: 'Break something…' }).click();
  await page.getByRole('menuitem', { name: /Reset everything/ }).click();
  await page
    .getByRole('dialog')
    .getByLabel(/to confirm/)
    .fill('reset');
  await confirm(page, 'Reset everything');
  await served.until(
    'the first run again',
    (s) => s.fleet.inventory === NODES && s.head?.revision === 1,
    60_000,
  );
  await settled(served);
  await expect(fact(page, 'serving')).toContainText(ALL);
});

test('[STORY6] the list of nodes and the palette are there for the keyboard', async ({
  page,
  console: served,
}) => {
  await settled(served);
  await page.keyboard.press('Control+K');
  const search = page.getByPlaceholder(/./).last();
  await search.fill('go to history');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listbox', { name: 'Revisions, newest first' })).toBeVisible();
  await openView(page, 'Fleet');
  await page.getByText('List', { exact: true }).click();
  await expect(page.getByText(/eu-west\/edge-0001/).first()).toBeVisible();
  await expectAccessible(page);
});
