/**
 * What each function may do, and why. Every grant also sets the environment that goes with it.
 * The functions' logs apart, nobody may do anything that is not named here.
 */
import { Duration } from 'aws-cdk-lib';
import type { ChannelFunction } from '../constructs/channel-function.ts';
import type { ChatSocket } from '../constructs/chat-socket.ts';
import type { FlexAccess } from '../constructs/flex-access.ts';
import type { Uploads } from '../constructs/uploads.ts';
import type { FlexChannelState } from './flex-channel-state.ts';

export interface Parts {
  readonly state: FlexChannelState;
  readonly socket: ChatSocket;
  readonly flex: FlexAccess;
}

export function permitCustomerSocket(fn: ChannelFunction, { state, socket, flex }: Parts): void {
  // Begins sessions, lists their connections, counts handshakes and frames.
  state.sessions.grantReadWrite(fn);
  // What a customer sends to Flex waits in the queue.
  state.toFlex.grantSend(fn);
  // Issues and verifies session tokens; counts addresses under a keyed hash.
  state.secrets.grantSessionKey(fn);
  // Reads the transcript for `hello` and `history`.
  flex.grantCalls(fn);
  // Tells the other tabs what this one did, and closes connections beyond the limit and of ended sessions.
  socket.grantPushAndClose(fn);
}

export function permitDeliverToFlex(fn: ChannelFunction, { state, socket, flex }: Parts): void {
  // Records each attempt, opens and ends chats, writes the channel's pointer to its session.
  state.sessions.grantReadWrite(fn);
  // Posts messages, makes conversations and tasks, looks who serves a chat.
  flex.grantCalls(fn);
  // Tells `rejected` and `ended`, and closes the connections of a session that has expired.
  socket.grantPushAndClose(fn);
}

export function permitFlexWebhook(fn: ChannelFunction, { state, socket, flex }: Parts): void {
  // Finds the session of a channel, notes participants and ends, removes connections that are gone.
  state.sessions.grantRelay(fn);
  // Orders a look when perhaps nobody serves the chat any more.
  state.toFlex.grantSend(fn);
  // Verifies who calls.
  state.secrets.grantTwilioAuthToken(fn);
  // Asks for the names of agents.
  flex.grantCalls(fn);
  // Brings agents' words to every connection.
  socket.grantPush(fn);
}

/** Where the plugin runs in Flex's user interface. */
export function permitAgentSignal(fn: ChannelFunction, { state, socket, flex }: Parts): void {
  // Finds the chat and who is in it, removes connections that are gone.
  state.sessions.grantPassOn(fn);
  // Asks Twilio whose token it was sent.
  flex.grantCalls(fn);
  // Tells every connection.
  socket.grantPush(fn);
}

/** Where chats are ended that nobody writes in. */
export function permitIdleWatch(
  { opener, watcher }: { readonly opener: ChannelFunction; readonly watcher: ChannelFunction },
  idleMinutes: number,
  { state, socket, flex }: Parts,
): void {
  const idle = Duration.minutes(idleMinutes);
  // The first wake-up is set when a chat opens, each further one by the one before.
  state.timers.grantSet(opener, idle);
  state.timers.grantSet(watcher, idle);
  // Reads when the customer wrote last, notes the next wake-up, ends the chat.
  state.sessions.grantWatch(watcher);
  // Asks when the agent wrote last, and ends the chat in Flex.
  flex.grantCalls(watcher);
  // Warns the customer, and tells the end.
  socket.grantPush(watcher);
}

/** Where customers send files. */
export function permitFiles(
  fns: {
    readonly customerSocket: ChannelFunction;
    readonly acceptFile: ChannelFunction;
    readonly deliverToFlex: ChannelFunction;
  },
  uploads: Uploads,
  { state, socket }: Parts,
): void {
  const { customerSocket, acceptFile, deliverToFlex } = fns;
  // Signs the forms by which browsers upload: whoever has one acts with this permission.
  uploads.grantOffer(customerSocket);
  // Looks at the start of each file.
  uploads.grantRead(acceptFile);
  uploads.tellPolicy(acceptFile);
  // Puts it behind what its customer has sent before.
  state.toFlex.grantSend(acceptFile);
  // Tells `accepted` or `rejected`, and closes the connections of a session that has expired.
  state.sessions.grantTell(acceptFile);
  socket.grantPushAndClose(acceptFile);
  // Brings it to Twilio, then removes it.
  uploads.grantRead(deliverToFlex);
  uploads.grantRemove(deliverToFlex);
}
