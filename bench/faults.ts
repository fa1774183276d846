/**
 * `npm run faults`: every message of 200 chats, each way, while Twilio refuses, forgets to
 * answer, and loses, doubles and delays webhooks. Ends with 1 unless each is shown once and in
 * order on both sides.
 */
import { FULL_RUN, runUnderFaults } from './load/fault-run.ts';

const { atAgents, atCustomers, ...report } = await runUnderFaults(FULL_RUN);
console.table({ 'at agents': atAgents, 'at customers': atCustomers });
console.log(report);
const flaws = [...Object.values(atAgents), ...Object.values(atCustomers)];
const leftOver = report.rejected + report.deadLetters + report.extraTasks;
process.exitCode = flaws.every((count) => count === 0) && leftOver === 0 ? 0 : 1;
