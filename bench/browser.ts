/** `npm run bench:browser`: what a long chat costs in a browser. Ends with 1 when a budget is exceeded. */

import { measureBrowser } from './measure/browser.ts';
import { exceeds, tableOf } from './measure/figure.ts';

const figures = await measureBrowser();
console.table(tableOf(figures));
process.exitCode = figures.some(exceeds) ? 1 : 0;
