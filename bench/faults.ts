/**
 * `npm run faults [-- --run twilio|routing|functions]`: every message of up to 200 chats, each way,
 * while Twilio, its routing, or the functions and connections fail. Ends with 1 unless each is
 * shown once and in order on both sides.
 */
import { parseArgs } from 'node:util';
import {
  type FaultReport,
  FUNCTIONS_RUN,
  ROUTING_RUN,
  runUnderFaults,
  TWILIO_RUN,
} from './load/fault-run.ts';

const RUNS = { twilio: TWILIO_RUN, routing: ROUTING_RUN, functions: FUNCTIONS_RUN } as const;
type Name = keyof typeof RUNS;

function chosenRuns(): Name[] {
  const { values } = parseArgs({ options: { run: { type: 'string' } } });
  const names = Object.keys(RUNS) as Name[];
  if (values.run === undefined) return names;
  const name = names.find((known) => known === values.run);
  if (name === undefined) {
    throw new Error(`--run is one of ${names.join(', ')}, not "${values.run}"`);
  }
  return [name];
}

function isFlawless({ atAgents, atCustomers, ...report }: FaultReport): boolean {
  const flaws = [...Object.values(atAgents), ...Object.values(atCustomers)];
  const { rejected, deadLetters, remainder, extraTasks, phasesMissed } = report;
  const all = [...flaws, rejected, deadLetters, remainder, extraTasks, phasesMissed];
  return all.every((count) => count === 0);
}

for (const name of chosenRuns()) {
  console.log(`\n${name}:`);
  const report = await runUnderFaults(RUNS[name]);
  const { atAgents, atCustomers, ...figures } = report;
  console.table({ 'at agents': atAgents, 'at customers': atCustomers });
  console.log(figures);
  if (!isFlawless(report)) process.exitCode = 1;
}
