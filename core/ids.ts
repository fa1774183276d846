/** Branded ids: a session id can't be passed where a channel SID is meant. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** One customer's stay across reconnects; random, at least 128 bits. */
export type SessionId = Branded<'SessionId'>;
/** One WebSocket, as API Gateway names it. */
export type ConnectionId = Branded<'ConnectionId'>;
/** The Flex-side chat: `CH` and 32 hex digits, for both Flex back ends. */
export type ChannelSid = Branded<'ChannelSid'>;
/** Given by the client, unique in its session: `[A-Za-z0-9_-]{1,64}`. */
export type ClientMessageId = Branded<'ClientMessageId'>;

export const sessionId = (value: string): SessionId => value as SessionId;
export const connectionId = (value: string): ConnectionId => value as ConnectionId;
export const channelSid = (value: string): ChannelSid => value as ChannelSid;
export const clientMessageId = (value: string): ClientMessageId => value as ClientMessageId;
