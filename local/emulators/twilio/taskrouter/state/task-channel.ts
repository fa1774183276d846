import type { TwilioAccount } from '../../options.ts';
import type { SidSource } from '../../world/sids.ts';
import type { TaskChannel } from '../model.ts';

/** What a workspace of Flex comes with. */
const NAMES = ['default', 'voice', 'chat', 'sms', 'video', 'email'];

/** Those, and what the account's workflows name. */
export function taskChannelsOf({ workflows }: TwilioAccount, newSid: SidSource): TaskChannel[] {
  const named = workflows.flatMap(({ taskChannel }) => taskChannel ?? []);
  return [...new Set([...NAMES, ...named])].map((uniqueName) => ({
    sid: newSid('TC'),
    uniqueName,
  }));
}

/** By SID or unique name. */
export const findTaskChannel = (
  channels: readonly TaskChannel[],
  key: string,
): TaskChannel | undefined =>
  channels.find(({ sid, uniqueName }) => sid === key || uniqueName === key);
