/**
 * `npm run bench`: calls per message, bundles, client, a long chat in a browser, latency and start, each against its
 * budget. Writes bench/results and ends with 1 when a budget is exceeded.
 */
import path from 'node:path';
import { AgentDesk } from './load/agent-desk.ts';
import { startLoadStack } from './load/load-stack.ts';
import { measureBrowser } from './measure/browser.ts';
import { measureBundles } from './measure/bundles.ts';
import { measureCalls } from './measure/calls.ts';
import { measureClient } from './measure/client.ts';
import { measureEcho } from './measure/echo.ts';
import { exceeds, type Figure, tableOf } from './measure/figure.ts';
import { besidePeers } from './measure/peers.ts';
import { writeResults } from './measure/results.ts';
import { measureStart } from './measure/start.ts';

async function measureRunningStack(): Promise<Figure[]> {
  const stack = await startLoadStack();
  try {
    const desk = new AgentDesk(stack.outputs.TwilioUrl);
    return [
      ...(await measureCalls(stack, desk)),
      ...(await measureEcho(stack.outputs.CustomerSocketUrl, desk)),
      ...(await measureBundles(stack, path.join(stack.outDirectory, 'cdk.out'))),
    ];
  } finally {
    await stack.stop();
  }
}

const figures = [
  ...(await measureStart()),
  ...(await measureRunningStack()),
  ...(await measureClient()),
  ...(await measureBrowser()),
];
console.table(tableOf(figures));
console.table(besidePeers(figures));
console.log(path.relative(process.cwd(), writeResults(figures)));
process.exitCode = figures.some(exceeds) ? 1 : 0;
