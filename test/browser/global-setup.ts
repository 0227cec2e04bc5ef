import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chooseChromium } from './chromium.ts';

const PAGE = join(import.meta.dirname, '../../out/renderer/index.html');

/** Unpacks the browser before the workers start, and makes sure that there is a page to test. */
export default async function prepare(): Promise<void> {
  if (!existsSync(PAGE)) throw new Error('no out/renderer: run `npm run build`, or `npm test`');
  const choice = await chooseChromium();
  process.stdout.write(`Chromium: ${choice.from}\n`);
}
