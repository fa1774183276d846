import { Faults } from '#local/emulators/api-gateway/socket/faults';
import { aSocketStack, endSocketStacks, type SocketStack } from '../support/socket-stack.ts';

afterEach(endSocketStacks);

const lastId = (stack: SocketStack): string =>
  stack.functions.eventsOf('connect').at(-1).requestContext.connectionId;

describe('the cut network', () => {
  test('ends connections without a word, lets none through, and is over with the plan', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    stack.api.faults.set({ cut: true });

    expect((await client.closed).code).toBe(1006);
    await expect(stack.connect()).rejects.toThrow();
    stack.api.faults.set({});
    const again = await stack.connect();
    again.socket.send('hi');
    expect(await again.receives(1)).toEqual(['echo hi']);
  });
});

describe('faults of @connections', () => {
  test.each([
    ['gone', 410, 'GoneException'],
    ['throttled', 429, 'LimitExceededException'],
    ['error', 500, 'InternalServerErrorException'],
  ])('%s answers %d as often as it says and delivers nothing', async (answer, status, type) => {
    const stack = await aSocketStack();
    const client = await stack.connect();
    stack.api.faults.set({ post: { answer, count: 2 } });

    const answers = [];
    for (const body of ['1', '2', '3']) {
      answers.push(await stack.manage('POST', lastId(stack), body));
    }

    expect(answers.map((each) => each.status)).toEqual([status, status, 200]);
    expect(answers[0]?.headers).toMatchObject({ 'x-amzn-ErrorType': type });
    expect(await client.receives(1)).toEqual(['3']);
  });

  test('gone-but-delivered answers 410 although the client has it', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();
    stack.api.faults.set({ post: { answer: 'gone-but-delivered', count: 1 } });

    const answer = await stack.manage('POST', lastId(stack), 'hi');

    expect(answer.status).toBe(410);
    expect(await client.receives(1)).toEqual(['hi']);
  });

  test('hang never answers', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();
    stack.api.faults.set({ post: { answer: 'hang', count: 1 } });

    const hanging = stack.manage('POST', lastId(stack), 'lost').then(() => 'answered');
    await stack.manage('POST', lastId(stack), 'next');
    const patience = new Promise((resolve) => setTimeout(resolve, 30, 'hung'));

    expect(await Promise.race([hanging, patience])).toBe('hung');
    expect(await client.receives(1)).toEqual(['next']);
  });

  test('leave GET and DELETE alone', async () => {
    const stack = await aSocketStack();
    await stack.connect();
    stack.api.faults.set({ post: { answer: 'error' } });

    expect((await stack.manage('GET', lastId(stack))).status).toBe(200);
    expect((await stack.manage('DELETE', lastId(stack))).status).toBe(204);
  });
});

describe('faults of the handshake', () => {
  test('refuse with the status, without a call, as often as they say', async () => {
    const stack = await aSocketStack();
    stack.api.faults.set({ connect: { status: 503, count: 1 } });

    const { status } = await stack.refusal();
    const callsOfRefused = stack.functions.calls.length;

    expect(status).toBe(503);
    expect(callsOfRefused).toBe(0);
    await expect(stack.connect()).resolves.toBeDefined();
  });
});

describe('fault plan', () => {
  test('without a count lasts until the next plan', () => {
    const faults = new Faults();
    faults.set({ post: { answer: 'error' } });
    const taken = [faults.takePost(), faults.takePost(), faults.takePost()];

    faults.set({});

    expect(taken).toEqual(['error', 'error', 'error']);
    expect(faults.takePost()).toBeUndefined();
  });

  test.each([
    ['an unknown fault', { posts: { answer: 'error' } }],
    ['an unknown answer', { post: { answer: 'nothing' } }],
    ['a count of zero', { post: { answer: 'error', count: 0 } }],
    ['a status that is no refusal', { connect: { status: 200 } }],
    ['a range the wrong way round', { messageDelayMs: [10, 5] }],
    ['no object', 'error'],
  ])('with %s is refused, and the old one stays', (_what, plan) => {
    const faults = new Faults();
    faults.set({ post: { answer: 'gone' } });

    expect(() => faults.set(plan)).toThrow(/^connections\b.*: /);
    expect(faults.takePost()).toBe('gone');
  });
});
