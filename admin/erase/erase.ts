/** Removes what is stored of one session. May be repeated: it removes what is still there. */
import { sessionKey } from '#adapters/aws/table-items';
import type { SessionId } from '#core/ids';
import { describeFailure } from '../failures/describe.ts';
import { bareSession, type ChatTrace, type Stores, type Traces } from './traces.ts';

/** @returns what could not be removed, and why. One failure keeps no other step from its work. */
export async function erase(stores: Stores, id: SessionId, traces: Traces): Promise<string[]> {
  const { channels } = stores;
  const failures: string[] = [];
  const step: Step = async (what, run) => {
    try {
      await run();
      return true;
    } catch (error) {
      failures.push(`${what}: ${describeFailure(error)}`);
      return false;
    }
  };
  for (const chat of traces.chats) await eraseChat(stores, chat, step);
  const { userSid } = traces;
  if (userSid !== undefined) await step(`user ${userSid}`, () => channels.removeUser(userSid));
  await step('items of the table', () => eraseItems(stores, id, traces));
  return failures;
}

/** @returns whether it succeeded. */
type Step = (what: string, run: () => Promise<unknown>) => Promise<boolean>;

/**
 * Files and tasks first: only their conversation knows of them, so it stays until they are gone, and
 * the next run finds what this one could not remove.
 */
async function eraseChat({ table, channels, tasks }: Stores, chat: ChatTrace, step: Step) {
  let areGone = true;
  for (const task of chat.tasks) {
    const isGone = await step(`task ${task.sid}`, async () => {
      if (!task.isOver) await tasks.end(task);
      await tasks.remove(task.sid);
    });
    areGone &&= isGone;
  }
  for (const media of chat.mediaSids) {
    const isGone = await step(`file ${media}`, () => channels.removeMedia(media));
    areGone &&= isGone;
  }
  const { pointer } = chat;
  if (pointer !== undefined) {
    const isGone = await step(`pointer of ${chat.sid}`, () => table.delete(pointer));
    areGone &&= isGone;
  }
  if (areGone) await step(`${channels.noun} ${chat.sid}`, () => channels.remove(chat.sid));
}

async function eraseItems({ table }: Stores, id: SessionId, traces: Traces): Promise<void> {
  if (traces.expiresAt !== undefined) await table.put(bareSession(id, traces.expiresAt));
  const session = sessionKey(id);
  const others = traces.items.filter(({ pk, sk }) => pk !== session.pk || sk !== session.sk);
  for (const key of others) await table.delete(key);
}
