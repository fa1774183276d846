import { parseArgs } from 'node:util';
import { INTAKES, type Intake } from './bill.ts';

export interface CostOptions {
  readonly chats: number;
  readonly minutes: number;
  readonly messages: number;
  readonly intake: Intake;
  /** Replaces `bench/cost/prices.json`. */
  readonly prices: string | undefined;
  /** Where the figures are written as JSON. */
  readonly out: string | undefined;
}

/** @throws Error that names the option and what it takes. */
export function readCostOptions(args: readonly string[]): CostOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      chats: { type: 'string', default: '1000000' },
      minutes: { type: 'string', default: '15' },
      messages: { type: 'string', default: '26' },
      intake: { type: 'string', default: 'rest' },
      prices: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const intake = INTAKES.find((known) => known === values.intake);
  if (intake === undefined) {
    throw new Error(`--intake is one of ${INTAKES.join(', ')}, not "${values.intake}"`);
  }
  const messages = whole('messages', values.messages, 2, 200);
  if (messages % 2 !== 0) throw new Error('--messages: an even number, half of each side');
  return {
    chats: whole('chats', values.chats, 1, 1e12),
    minutes: whole('minutes', values.minutes, 1, 100),
    messages,
    intake,
    prices: values.prices,
    out: values.out,
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`--${name} is a whole number from ${least} to ${most}, not "${text}"`);
}
