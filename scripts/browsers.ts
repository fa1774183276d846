/**
 * `npm run browsers`: a conversation in Firefox, which the suite does not have. On Debian
 * `apt-get install --no-install-recommends firefox-esr` brings it.
 * Arguments: names of browsers, all without any.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startLocalStack } from '../local/stack/local-stack.ts';
import { startWidgetSite } from '../test/support/widget-site.ts';
import { startFirefox } from './browsers/firefox.ts';
import { SCENARIOS, type World } from './browsers/scenarios.ts';
import type { Browser } from './browsers/tab.ts';

const BROWSERS: Readonly<Record<string, () => Promise<Browser>>> = {
  firefox: startFirefox,
};

const asked = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), 'browsers-'));
const site = await startWidgetSite();
const stack = await startLocalStack({
  pagePort: 0,
  config: configFor(new URL(site.url).origin),
  outDirectory: path.join(folder, 'local'),
});
let failures = 0;
try {
  const { CustomerSocketUrl: chatUrl, PageUrl } = stack.outputs;
  const world = { site, chatUrl, deskUrl: `${PageUrl}/desk.html` };
  for (const [name, start] of Object.entries(BROWSERS)) {
    if (asked.length === 0 || asked.includes(name)) failures += await runAll(start, world);
  }
} finally {
  await stack.stop();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${failures} failed`);
process.exit(failures === 0 ? 0 : 1);

async function runAll(start: () => Promise<Browser>, world: World): Promise<number> {
  const browser = await start();
  let failed = 0;
  try {
    for (const [name, run] of Object.entries(SCENARIOS)) {
      const startedAt = Date.now();
      const problem = await run(browser, world).then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (problem !== undefined) failed += 1;
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      console.log(`${browser.name}: ${name}: ${problem ?? 'well'} (${seconds} s)`);
    }
  } finally {
    await browser.close();
  }
  return failed;
}

/** The local configuration, with the page's origin among the allowed ones. */
function configFor(origin: string): string {
  const local = JSON.parse(
    readFileSync(path.join(import.meta.dirname, '../config/local.json'), 'utf8'),
  );
  local.customers.allowedOrigins.push(origin);
  const file = path.join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(local));
  return file;
}
