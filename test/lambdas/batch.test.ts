import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { type BatchHandling, forEachRecord } from '#lambdas/shared/batch';

const aRecord = (group: string, messageId: string, receiveCount = 1): SQSRecord =>
  ({
    messageId,
    body: messageId,
    attributes: { MessageGroupId: group, ApproximateReceiveCount: String(receiveCount) },
  }) as unknown as SQSRecord;

const anEvent = (...records: SQSRecord[]): SQSEvent => ({ Records: records });

const idsOf = (records: readonly SQSRecord[]) => records.map(({ messageId }) => messageId);

async function run(
  event: SQSEvent,
  failing: readonly string[],
  overrides: Partial<BatchHandling> = {},
) {
  const handled: string[] = [];
  const failures: string[] = [];
  const givenUp: string[] = [];
  const keptBack: string[][] = [];
  const response = await forEachRecord(event, {
    maxReceiveCount: 5,
    handle: async ({ messageId }) => {
      if (failing.includes(messageId)) throw new Error(messageId);
      handled.push(messageId);
    },
    failed: ({ messageId }) => failures.push(messageId),
    giveUp: async ({ messageId }) => void givenUp.push(messageId),
    retryLater: async (records) => void keptBack.push(idsOf(records)),
    ...overrides,
  });
  const failed = response.batchItemFailures.map((item) => item.itemIdentifier);
  return { handled, failures, givenUp, keptBack, failed };
}

describe('forEachRecord', () => {
  test('handles the records of a group in order', async () => {
    const order: string[] = [];
    const delays: Record<string, number> = { a1: 20, a2: 0 };

    await run(anEvent(aRecord('a', 'a1'), aRecord('a', 'a2')), [], {
      handle: async ({ messageId }) => {
        await new Promise((resolve) => setTimeout(resolve, delays[messageId]));
        order.push(messageId);
      },
    });

    expect(order).toEqual(['a1', 'a2']);
  });

  test('fails everything of a group after its first failure, and nothing of another group', async () => {
    const event = anEvent(
      aRecord('a', 'a1'),
      aRecord('b', 'b1'),
      aRecord('a', 'a2'),
      aRecord('a', 'a3'),
      aRecord('b', 'b2'),
    );

    const { handled, failed, failures } = await run(event, ['a2']);

    expect(failed).toEqual(['a2', 'a3']);
    expect(failures).toEqual(['a2']);
    expect(handled.sort()).toEqual(['a1', 'b1', 'b2']);
  });

  test('keeps the failed records of a group back together', async () => {
    const event = anEvent(aRecord('a', 'a1'), aRecord('a', 'a2'), aRecord('b', 'b1'));

    const { keptBack } = await run(event, ['a1', 'b1']);

    expect(keptBack).toEqual([['a1', 'a2'], ['b1']]);
  });

  test('still reports the failure when keeping back fails', async () => {
    const { failed, failures } = await run(anEvent(aRecord('a', 'a1')), ['a1'], {
      retryLater: async () => {
        throw new Error('SQS is down');
      },
    });

    expect(failed).toEqual(['a1']);
    expect(failures).toEqual(['a1', 'a1']);
  });

  test('gives a record up on its last delivery and goes on with those that have no other either', async () => {
    const event = anEvent(aRecord('a', 'a1', 5), aRecord('a', 'a2', 5), aRecord('a', 'a3', 5));

    const { handled, failed, givenUp } = await run(event, ['a1']);

    expect(givenUp).toEqual(['a1']);
    expect(failed).toEqual(['a1']);
    expect(handled).toEqual(['a2', 'a3']);
  });

  test('lets those wait that come again, as what was given up may still be under way', async () => {
    const event = anEvent(aRecord('a', 'a1', 5), aRecord('a', 'a2', 5), aRecord('a', 'a3', 1));

    const { handled, failed, givenUp, keptBack } = await run(event, ['a1', 'a2']);

    expect(givenUp).toEqual(['a1', 'a2']);
    expect(handled).toEqual([]);
    expect(failed).toEqual(['a1', 'a2', 'a3']);
    expect(keptBack).toEqual([['a1', 'a2', 'a3']]);
  });

  test('has the queue set a given up record aside soon, as it blocks its group until then', async () => {
    const event = anEvent(aRecord('a', 'a1', 5), aRecord('a', 'a2', 5));

    const { keptBack } = await run(event, ['a1']);

    expect(keptBack).toEqual([['a1']]);
  });

  test('does not give up before the last delivery', async () => {
    const { givenUp } = await run(anEvent(aRecord('a', 'a1', 4)), ['a1']);

    expect(givenUp).toEqual([]);
  });

  test('reports a given up record even if the customer could not be told', async () => {
    const { failed, handled } = await run(
      anEvent(aRecord('a', 'a1', 5), aRecord('a', 'a2', 5)),
      ['a1'],
      {
        giveUp: async () => {
          throw new Error('DynamoDB is down');
        },
      },
    );

    expect(failed).toEqual(['a1']);
    expect(handled).toEqual(['a2']);
  });

  test('reports no failure when all succeed', async () => {
    const { failed } = await run(anEvent(aRecord('a', 'a1')), []);

    expect(failed).toEqual([]);
  });

  test('fails a record whose handler throws at once', async () => {
    const { failed } = await run(anEvent(aRecord('a', 'a1')), [], {
      handle: () => {
        throw new Error('before any promise');
      },
    });

    expect(failed).toEqual(['a1']);
  });
});
