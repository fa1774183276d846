/**
 * `npm run cost -- --chats 1000000 --minutes 15 --messages 26`: what so many chats cost, by service,
 * and what each lever saves. Counts are measured on the local stack with the project's own client;
 * prices and latencies are those of `bench/cost/prices.json`, unless `--prices` names another file.
 */
import { writeFileSync } from 'node:fs';
import { billFor, functionMs, INTAKES, invocationsOf } from './cost/bill.ts';
import { leversOf } from './cost/levers.ts';
import { measureUsage } from './cost/measure-usage.ts';
import { readCostOptions } from './cost/options.ts';
import { readPrices } from './cost/prices.ts';
import { withLooks } from './cost/usage.ts';
import { rounded } from './measure/statistics.ts';

const options = readCostOptions(process.argv.slice(2));
const { chats, intake } = options;
const prices = readPrices(options.prices);
const usage = withLooks(await measureUsage(options), options);
const bill = billFor(usage, prices, intake, chats);
const dollars = (amount: number) => rounded(amount, amount < 100 ? 1 : 0);
const levers = leversOf(usage, prices, intake, chats);

const { framesByAction, invocations, ...counts } = usage;
console.log(`\nOne chat of ${options.minutes} minutes and ${options.messages} messages:`);
console.log({ frames: framesByAction, invocations, ...counts });
console.log(`${invocationsOf(usage)} runs, ${Math.round(functionMs(usage, prices))} ms paid`);

console.log(`\n${chats} chats, ${prices.region}, prices of ${prices.asOf}, in dollars:`);
console.table([
  ...bill.rows.map((row) => ({ service: row.service, dollars: dollars(row.dollars) })),
  { service: 'all', dollars: dollars(bill.total) },
]);
console.table(
  INTAKES.map((each) => ({
    intake: each,
    dollars: dollars(billFor(usage, prices, each, chats).total),
  })),
);
console.table(levers.map((lever) => ({ ...lever, dollars: dollars(lever.dollars) })));
if (options.out !== undefined) {
  writeFileSync(options.out, `${JSON.stringify({ ...options, usage, bill, levers }, null, 2)}\n`);
}
