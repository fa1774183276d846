import type { QueueMessage, QueueStore } from '../emulators/sqs/queue-store.ts';
import type { Watch } from './wire.ts';

/** A queue's store tells of every letter: when it is sent, each time it is received, and when it is done. */
export function watchedQueueStore(store: QueueStore, watch: Watch): QueueStore {
  /** Letters that are in a queue, by its name and their id: a letter keeps its id when it is given up. */
  const seen = new Map<string, { receives: number; received: ReturnType<Watch> }>();

  function put(queueName: string, message: QueueMessage): void {
    const { receiveCount } = message;
    const id = `${queueName} ${message.messageId}`;
    const earlier = seen.get(id);
    if (earlier === undefined) {
      const what = message.deadLetterSource === undefined ? 'sent to' : 'given up to';
      watch({ ...letterOf(message), title: `${what} ${queueName}` });
      seen.set(id, { receives: receiveCount, received: () => {} });
    } else if (receiveCount > earlier.receives) {
      const again = receiveCount > 1 ? `, attempt ${receiveCount}` : '';
      earlier.received({ status: 'again' });
      const title = `received from ${queueName}${again}`;
      seen.set(id, {
        receives: receiveCount,
        received: watch({ ...letterOf(message), title }),
      });
    }
  }

  return {
    load: (queueName) => {
      const state = store.load(queueName);
      for (const { messageId, receiveCount } of state?.messages ?? []) {
        const id = `${queueName} ${messageId}`;
        seen.set(id, { receives: receiveCount, received: () => {} });
      }
      return state;
    },
    save: (queueName, change, state) => {
      store.save(queueName, change, state);
      if ('put' in change) {
        put(queueName, change.put);
        return;
      }
      for (const messageId of change.removed) {
        const id = `${queueName} ${messageId}`;
        seen.get(id)?.received({ status: 'done' });
        seen.delete(id);
      }
    },
  };
}

const letterOf = ({ body, groupId }: QueueMessage) =>
  ({ kind: 'letter', about: groupId, body }) as const;
