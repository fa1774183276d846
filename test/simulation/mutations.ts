/** Ways to break delivery on purpose, each of which the simulation has to notice. */
import type { ChatSocket } from '#client/sdk/platform/environment';
import { ChatError } from '#core/errors';
import { deliverLetter } from '#core/letters/deliver-letter';
import type { SessionStore } from '#core/ports';
import type { BatchHandling } from '#lambdas/shared/batch';
import type { CloudPorts } from './cloud.ts';
import type { Variant } from './simulation.ts';
import { SocketWrapper } from './socket-wrapper.ts';

export interface Mutation extends Variant {
  /** Name of the invariant that it breaks. */
  readonly breaks: string;
}

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'posts without recording the attempt first': {
    breaks: 'noMessageIsPostedTwice',
    ports: (ports) =>
      withSessions(ports, (sessions) => ({
        recordAttempt: async (id, _attempt, chat, nowMs) => {
          const record = await sessions.find(id, nowMs);
          const current = record?.session.chat;
          if (record === undefined) return { outcome: 'not-open' };
          const isMeant = chat === undefined || chat === current?.number;
          return current?.state === 'open' && isMeant
            ? { outcome: 'recorded', session: record.session, chat: current }
            : { outcome: 'not-open', record };
        },
      })),
  },

  'posts a repeated letter without a look into Flex': {
    breaks: 'noMessageIsPostedTwice',
    ports: (ports) => ({ ...ports, flex: { ...ports.flex, findMessage: async () => undefined } }),
  },

  'looks for a lost post before it can be there': {
    breaks: 'noMessageIsPostedTwice',
    ports: (ports) => ({
      ...ports,
      flex: {
        ...ports.flex,
        postMessage: (...args) =>
          ports.flex.postMessage(...args).catch((error: ChatError) => {
            throw new ChatError(error.code, error.message);
          }),
      },
    }),
  },

  'takes the message id as the delivery key': {
    breaks: 'acceptedMessagesAreStored',
    ports: (ports) => ({
      ...ports,
      mailbox: {
        send: (letter, key) =>
          ports.mailbox.send(letter, letter.kind === 'message' ? letter.id : key),
      },
    }),
  },

  'lets the end of a chat through each time it is told': {
    breaks: 'theEndIsToldOnce',
    ports: (ports) =>
      withSessions(ports, (sessions) => ({
        changeChat: async (id, from, to, attempt) =>
          (await sessions.changeChat(id, from, to, attempt)) || to.state === 'ended',
      })),
  },

  'takes a late message of an ended chat for a new chat': {
    breaks: 'messagesStayInTheirChat',
    deliverLetter: (ports, policy, letter, nowMs) => {
      if (letter.kind !== 'message') return deliverLetter(ports, policy, letter, nowMs);
      const { chat: _, ...unnamed } = letter;
      return deliverLetter(ports, policy, unnamed, nowMs);
    },
  },

  'does not tell what is gone of a transcript': {
    breaks: 'tabsShowWhatFlexSays',
    ports: (ports) => ({
      ...ports,
      flex: {
        ...ports.flex,
        listMessages: async (...args) => {
          const { kept: _, ...page } = await ports.flex.listMessages(...args);
          return page;
        },
      },
    }),
  },

  'changes the chat of a session without a condition': {
    breaks: 'theEndIsToldOnce',
    ports: (ports) =>
      withSessions(ports, (sessions) => ({
        changeChat: async (id, from, to, attempt) => {
          const stored = await sessions.find(id, 0);
          return sessions.changeChat(id, stored?.session.chat ?? from, to, attempt);
        },
      })),
  },

  'goes on with a group after a record of it has failed': {
    breaks: 'messagesKeepTheirOrder',
    forEachRecord: async (event, handling) => {
      const failed: string[] = [];
      for (const record of event.Records) {
        await handling.handle(record).catch((error) => keepBack(handling, record, error, failed));
      }
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    },
  },

  'takes a task that is gone for one that goes on': {
    breaks: 'noChatTalksToNobody',
    ports: (ports) => {
      const { flex } = ports;
      const service: typeof flex.service = async (channel) => {
        const seen = await flex.service(channel);
        return seen.kind === 'none' ? { kind: 'task', taskSid: channel.taskSid ?? 'WT0' } : seen;
      };
      return { ...ports, flex: { ...flex, service } };
    },
  },

  'takes a signal for the truth, and does not look': {
    breaks: 'nobodyIsServedTwice',
    ports: (ports) => {
      const { flex } = ports;
      const service: typeof flex.service = async (channel) => {
        const seen = await flex.service(channel);
        return seen.kind === 'task' ? { kind: 'none' } : seen;
      };
      return { ...ports, flex: { ...flex, service } };
    },
  },

  'does not ask for what was missed after a reconnect': {
    breaks: 'tabsShowTheTranscript',
    socket: (socket) => new DeafToHistory(socket),
  },

  'sends a message before the one before it is acknowledged': {
    breaks: 'messagesKeepTheirOrder',
    socket: (socket, { scheduler }) =>
      new HastySender(socket, (run) => void scheduler.after(0, run)),
  },
};

function withSessions(
  ports: CloudPorts,
  mutate: (sessions: SessionStore) => Partial<SessionStore>,
): CloudPorts {
  const { sessions } = ports;
  const kept: SessionStore = {
    find: (...args) => sessions.find(...args),
    findEnded: (...args) => sessions.findEnded(...args),
    renew: (...args) => sessions.renew(...args),
    saveProfile: (...args) => sessions.saveProfile(...args),
    saveIdentity: (...args) => sessions.saveIdentity(...args),
    recordAttempt: (...args) => sessions.recordAttempt(...args),
    changeChat: (...args) => sessions.changeChat(...args),
    savePlaces: (...args) => sessions.savePlaces(...args),
    moveWake: (...args) => sessions.moveWake(...args),
    noteChannel: (...args) => sessions.noteChannel(...args),
    noteParticipants: (...args) => sessions.noteParticipants(...args),
    revoke: (...args) => sessions.revoke(...args),
  };
  return { ...ports, sessions: { ...kept, ...mutate(sessions) } };
}

async function keepBack(
  handling: BatchHandling,
  record: Parameters<BatchHandling['handle']>[0],
  error: unknown,
  failed: string[],
): Promise<void> {
  failed.push(record.messageId);
  await handling.retryLater([record], { record, error }).catch(() => {});
}

/** Hears of the session, and nothing of what was said in it. */
class DeafToHistory extends SocketWrapper {
  protected override receive(text: string): void {
    const event = JSON.parse(text) as { type?: string };
    const isListing = event.type === 'session' || event.type === 'history';
    const deaf = { ...event, complete: true, missed: [], messages: [] };
    super.receive(isListing ? JSON.stringify(deaf) : text);
  }
}

/** Makes the client believe that each message is acknowledged at once. */
class HastySender extends SocketWrapper {
  readonly #soon: (run: () => void) => void;

  constructor(socket: ChatSocket, soon: (run: () => void) => void) {
    super(socket);
    this.#soon = soon;
  }

  override send(text: string): void {
    const { action, id, ref } = JSON.parse(text) as Record<string, string>;
    super.send(text);
    if (action !== 'sendMessage') return;
    this.#soon(() => this.receive(JSON.stringify({ type: 'accepted', id, ref })));
  }
}
