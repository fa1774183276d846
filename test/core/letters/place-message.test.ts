import { channelSid } from '#core/ids';
import { type Placement, placeMessage } from '#core/letters/place-message';
import type { Chat } from '#core/session';

const channel = { sid: channelSid('CH1') };
const NONE: Chat = { number: 2, state: 'none' };
const OPEN: Chat = { number: 2, state: 'open', channel };
const ENDED: Chat = { number: 2, state: 'ended', channel };

describe('placeMessage', () => {
  test.each<[string, Placement['to'], Chat, number | undefined]>([
    ['opens a chat that has not begun', 'open', NONE, undefined],
    ['opens it when it is named', 'open', NONE, 2],
    ['posts into the open chat', 'post', OPEN, undefined],
    ['posts into it when it is named', 'post', OPEN, 2],
    ['opens the next chat after one that has ended', 'open', ENDED, undefined],
    ['opens none when the ended chat is named', 'chat_ended', ENDED, 2],
    ['refuses an earlier chat before the next has begun', 'chat_ended', NONE, 1],
    ['refuses an earlier chat while the next is open', 'chat_ended', OPEN, 1],
    ['refuses an earlier chat after the next has ended', 'chat_ended', ENDED, 1],
    ['refuses a later chat before this one has begun', 'no_chat', NONE, 3],
    ['refuses a later chat while this one is open', 'no_chat', OPEN, 3],
    ['refuses a later chat that was not started after this one ended', 'no_chat', ENDED, 3],
  ])('%s: %s', (_, to, chat, named) => {
    expect(placeMessage(chat, named)).toEqual({ to, ...(to === 'post' && { chat }) });
  });
});
