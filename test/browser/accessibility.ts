import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const THEMES = ['dark', 'light'] as const;
type Theme = (typeof THEMES)[number];
/** What is audited: the guidelines up to 2.2 AA, and the common good practices. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Audits what the page shows now, in both themes unless told, and leaves it in the first. The theme follows the
 * system's, which is what is switched here.
 */
export async function expectAccessible(
  page: Page,
  options: {
    exclude?: readonly string[];
    /** Only what is in here. */
    within?: string;
    themes?: readonly Theme[];
  } = {},
): Promise<void> {
  for (const theme of options.themes ?? THEMES) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
    let audit = new AxeBuilder({ page }).withTags(TAGS);
    if (options.within !== undefined) audit = audit.include(options.within);
    for (const selector of options.exclude ?? []) audit = audit.exclude(selector);
    const { violations } = await audit.analyze();
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(
        (node) => `${id}: ${help}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`,
      ),
    );
    expect(found, `accessibility, ${theme} theme`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: THEMES[0] });
}
