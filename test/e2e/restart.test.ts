import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type StackProcess, startStackProcess } from '#test/support/stack-process';
import { AgentDesk } from '../../bench/load/agent-desk.ts';
import { runChats } from '../../bench/load/chats.ts';
import { FLAWLESS } from '../../bench/load/verdict.ts';

/** Enough for letters in every state; each customer costs a copy of a function, twice. */
const CHATS = 6;
const MESSAGES = 10;

const directory = mkdtempSync(path.join(tmpdir(), 'restart-'));
let stack: StackProcess;

afterAll(async () => {
  await stack?.kill();
  rmSync(directory, { recursive: true, force: true });
});

describe('the local stack with --data', () => {
  test('loses and doubles nothing when it is killed in the middle of many chats', async () => {
    stack = await startStackProcess(directory);
    const { CustomerSocketUrl: socketUrl, TwilioUrl } = stack.outputs;
    const addresses = [stack.outputs];
    const killAt = CHATS * 2;
    let restarted: Promise<void> | undefined;
    const restart = async () => {
      await stack.kill();
      stack = await startStackProcess(directory);
      addresses.push(stack.outputs);
    };
    let accepted = 0;

    const report = await runChats({
      socketUrl,
      desk: new AgentDesk(TwilioUrl),
      chats: CHATS,
      messages: MESSAGES,
      patienceMs: 120_000,
      quietMs: 500,
      onAccepted: () => {
        accepted += 1;
        if (accepted === killAt) restarted = restart();
      },
    });
    await restarted;

    expect(report).toMatchObject({
      atAgents: FLAWLESS,
      atCustomers: FLAWLESS,
      rejected: 0,
      extraTasks: 0,
    });
    expect(accepted).toBe(CHATS * MESSAGES);
    expect(addresses).toEqual([addresses[0], addresses[0]]);
  }, 300_000);
});
