/** Removes what is stored of one session. May be repeated: it removes what is still there. */
import { sessionKey } from '#adapters/aws/table-items';
import type { SessionId } from '#core/ids';
import { describeFailure } from '../failures/describe.ts';
import { bareSession, type ChatTrace, type Stores, type Traces } from './traces.ts';

/** @returns what could not be removed, and why. One failure keeps no other step from its work. */
export async function erase(stores: Stores, id: SessionId, traces: Traces): Promise<string[]> {
  const { channels } = stores;
  const failures: string[] = [];
  const step = async (what: string, run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      failures.push(`${what}: ${describeFailure(error)}`);
    }
  };
  for (const chat of traces.chats) await eraseChat(stores, chat, step);
  const { userSid } = traces;
  if (userSid !== undefined) await step(`user ${userSid}`, () => channels.removeUser(userSid));
  await step('items of the table', () => eraseItems(stores, id, traces));
  return failures;
}

type Step = (what: string, run: () => Promise<unknown>) => Promise<void>;

/** Files first: without their messages nobody would know their names. */
async function eraseChat({ table, channels, tasks }: Stores, chat: ChatTrace, step: Step) {
  for (const task of chat.tasks) {
    await step(`task ${task.sid}`, async () => {
      if (!task.isOver) await tasks.end(task);
      await tasks.remove(task.sid);
    });
  }
  for (const media of chat.mediaSids) {
    await step(`file ${media}`, () => channels.removeMedia(media));
  }
  await step(`${channels.noun} ${chat.sid}`, () => channels.remove(chat.sid));
  const { pointer } = chat;
  if (pointer !== undefined) await step(`pointer of ${chat.sid}`, () => table.delete(pointer));
}

async function eraseItems({ table }: Stores, id: SessionId, traces: Traces): Promise<void> {
  if (traces.expiresAt !== undefined) await table.put(bareSession(id, traces.expiresAt));
  const session = sessionKey(id);
  const others = traces.items.filter(({ pk, sk }) => pk !== session.pk || sk !== session.sk);
  for (const key of others) await table.delete(key);
}
