import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { forEachRecord } from '#lambdas/shared/batch';

const aRecord = (group: string, messageId: string): SQSRecord =>
  ({ messageId, body: messageId, attributes: { MessageGroupId: group } }) as unknown as SQSRecord;

const anEvent = (...records: SQSRecord[]): SQSEvent => ({ Records: records });

async function run(event: SQSEvent, failing: readonly string[]) {
  const handled: string[] = [];
  const failures: string[] = [];
  const response = await forEachRecord(
    event,
    async ({ messageId }) => {
      if (failing.includes(messageId)) throw new Error(messageId);
      handled.push(messageId);
    },
    ({ messageId }) => failures.push(messageId),
  );
  const failed = response.batchItemFailures.map((item) => item.itemIdentifier);
  return { handled, failures, failed };
}

describe('forEachRecord', () => {
  test('handles the records of a group in order', async () => {
    const order: string[] = [];
    const delays: Record<string, number> = { a1: 20, a2: 0 };

    await forEachRecord(
      anEvent(aRecord('a', 'a1'), aRecord('a', 'a2')),
      async ({ messageId }) => {
        await new Promise((resolve) => setTimeout(resolve, delays[messageId]));
        order.push(messageId);
      },
      () => {},
    );

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

  test('reports no failure when all succeed', async () => {
    const { failed } = await run(anEvent(aRecord('a', 'a1')), []);

    expect(failed).toEqual([]);
  });

  test('fails a record whose handler throws at once', async () => {
    const response = await forEachRecord(
      anEvent(aRecord('a', 'a1')),
      () => {
        throw new Error('before any promise');
      },
      () => {},
    );

    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'a1' }]);
  });
});
