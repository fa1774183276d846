/**
 * `npm run capacity [-- --quotas <file> --prices <file> --usage <file>]`: how many chats may be open at
 * the same time, and which quota is met first. Reads the quotas of `bench/capacity/quotas.json`, and
 * what one chat uses from the last `npm run cost -- --out bench/cost/measured.json`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { limitsOf } from './capacity/capacity.ts';
import { readQuotas } from './capacity/quotas.ts';
import { readPrices } from './cost/prices.ts';
import type { ChatShape, Usage } from './cost/usage.ts';

const MEASURED = path.join(import.meta.dirname, 'cost', 'measured.json');

const { values } = parseArgs({
  options: {
    quotas: { type: 'string' },
    prices: { type: 'string' },
    usage: { type: 'string', default: MEASURED },
  },
});
const measured = JSON.parse(readFileSync(values.usage, 'utf8')) as ChatShape & { usage: Usage };
const quotas = readQuotas(values.quotas);
const limits = limitsOf(measured.usage, readPrices(values.prices), quotas, measured);
const [first] = limits;
console.log(`Chats of ${measured.minutes} minutes and ${measured.messages} messages:`);
console.table(
  limits.map(({ quota, value, chats, messagesPerSecond, raisedBy }) => ({
    quota,
    value,
    'open chats': Math.floor(chats),
    'messages/s': Math.floor(messagesPerSecond),
    'raised by': raisedBy,
  })),
);
if (first) {
  const { quota, chats, messagesPerSecond } = first;
  console.log(
    `At most ${Math.floor(chats)} open chats and ${Math.floor(messagesPerSecond)} messages a second; first met: ${quota}`,
  );
}
