import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { type BatchHandling, forEachAlone, forEachRecord } from '#lambdas/shared/batch';

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
  const checkedFinally: string[] = [];
  const keptBack: string[][] = [];
  const response = await forEachRecord(event, {
    maxTries: 5,
    hasTime: () => true,
    handle: async ({ messageId }) => {
      if (failing.includes(messageId)) throw new Error(messageId);
      handled.push(messageId);
    },
    failed: ({ messageId }) => failures.push(messageId),
    checkFinally: async ({ messageId }) => {
      checkedFinally.push(messageId);
      return !failing.includes(messageId);
    },
    retryLater: async (records, failure) => {
      keptBack.push([...idsOf(records), `after ${failure?.record.messageId ?? 'nothing'}`]);
    },
    ...overrides,
  });
  const failed = response.batchItemFailures.map((item) => item.itemIdentifier);
  return { handled, failures, checkedFinally, keptBack, failed };
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

    expect(keptBack).toEqual([
      ['a1', 'a2', 'after a1'],
      ['b1', 'after b1'],
    ]);
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

  test('checks the record finally that was tried too often, and tries those behind it, which never were', async () => {
    const event = anEvent(...['a1', 'a2', 'a3'].map((id) => aRecord('a', id, 6)));

    const { handled, failed, checkedFinally, keptBack } = await run(event, ['a1']);

    expect(checkedFinally).toEqual(['a1']);
    expect(handled).toEqual(['a2', 'a3']);
    expect(failed).toEqual(['a1']);
    expect(keptBack).toEqual([['a1', 'after nothing']]);
  });

  test('checks all finally that are delivered for the last time', async () => {
    const event = anEvent(...['a1', 'a2', 'a3'].map((id) => aRecord('a', id, 7)));

    const { handled, failed, checkedFinally } = await run(event, ['a1', 'a3']);

    expect(checkedFinally).toEqual(['a1', 'a2', 'a3']);
    expect([handled, failed]).toEqual([[], ['a1', 'a3']]);
  });

  test('has the queue dead-letter at once what is not done, as it blocks its group until then', async () => {
    const { keptBack } = await run(anEvent(aRecord('a', 'a1', 7), aRecord('a', 'a2', 7)), ['a1']);

    expect(keptBack).toEqual([['a1', 'after nothing']]);
  });

  test('keeps what is not done back with what fails behind it', async () => {
    const event = anEvent(aRecord('a', 'a1', 6), aRecord('a', 'a2', 2), aRecord('a', 'a3', 1));

    const { failed, keptBack } = await run(event, ['a1', 'a2']);

    expect(failed).toEqual(['a1', 'a2', 'a3']);
    expect(keptBack).toEqual([['a1', 'a2', 'a3', 'after a2']]);
  });

  test('tries a record on as many deliveries as it may be, and not once more', async () => {
    const fifth = await run(anEvent(aRecord('a', 'a1', 5)), ['a1']);
    const sixth = await run(anEvent(aRecord('a', 'a1', 6)), ['a1']);

    expect([fifth.failures, fifth.checkedFinally]).toEqual([['a1'], []]);
    expect([sixth.failures, sixth.checkedFinally]).toEqual([[], ['a1']]);
  });

  test('has a record dead-lettered whose final check fails', async () => {
    const event = anEvent(aRecord('a', 'a1', 6), aRecord('a', 'a2', 1));

    const { failed, handled, failures } = await run(event, [], {
      checkFinally: async () => {
        throw new Error('DynamoDB is down');
      },
    });

    expect([failed, failures, handled]).toEqual([['a1'], ['a1'], ['a2']]);
  });

  test('hands back what there is no time for, to have it again at once', async () => {
    let left = 2;
    const event = anEvent(...['a1', 'a2', 'a3', 'a4'].map((id) => aRecord('a', id)));

    const { handled, failed, failures, keptBack } = await run(event, [], {
      hasTime: () => left-- > 0,
    });

    expect(handled).toEqual(['a1', 'a2', 'a3']);
    expect([failed, failures]).toEqual([['a4'], []]);
    expect(keptBack).toEqual([['a4', 'after nothing']]);
  });

  test('begins at least one record of each group, however little time there is', async () => {
    const event = anEvent(aRecord('a', 'a1'), aRecord('b', 'b1'), aRecord('a', 'a2'));

    const { handled } = await run(event, [], { hasTime: () => false });

    expect(handled).toEqual(['a1', 'b1']);
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

describe('forEachAlone', () => {
  test('has only the records come again that failed', async () => {
    const event = anEvent(aRecord('a', 'a1'), aRecord('a', 'a2'), aRecord('a', 'a3'));

    const response = await forEachAlone(event, async ({ messageId }) => messageId !== 'a2');

    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'a2' }]);
  });
});
