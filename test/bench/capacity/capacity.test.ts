import { readFileSync } from 'node:fs';
import { limitsOf } from '../../../bench/capacity/capacity.ts';
import { readQuotas } from '../../../bench/capacity/quotas.ts';
import { readPrices } from '../../../bench/cost/prices.ts';

const measured = JSON.parse(readFileSync('bench/cost/measured.json', 'utf8'));
const quotas = readQuotas();
const limitsWith = (given = quotas) => limitsOf(measured.usage, readPrices(), given, measured);

test('the quota that is met first stands first', () => {
  const chats = limitsWith().map((limit) => limit.chats);

  expect(chats).toEqual(chats.toSorted((a, b) => a - b));
});

test('raising what is met first leads to the next one, and to more chats', () => {
  const [first, second] = limitsWith();
  const stage = { ...quotas.stage, workerBatches: 1_000 };

  const [raised] = limitsWith({ ...quotas, stage });

  expect(first?.quota).toContain('operations.maxConcurrency');
  expect(raised).toEqual(second);
});

test('a quota of one chat a second holds as many open chats as one lasts seconds', () => {
  const twilio = { ...quotas.twilio, interactionsPerSecond: 1 };
  const [first] = limitsWith({ ...quotas, twilio });

  expect(first).toMatchObject({
    quota: 'Twilio: interactions a second of an account',
    chats: measured.minutes * 60,
  });
  expect(first?.messagesPerSecond).toBeCloseTo(measured.messages);
});

test('a list of quotas that lacks one is refused by its name', () => {
  expect(() => readQuotas('package.json')).toThrow('account');
});
