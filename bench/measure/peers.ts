/** Other chats for websites, as `npm run bench` shows them beside ours. */
import type { Figure } from './figure.ts';

interface Peer {
  readonly name: string;
  /** Compressed, of what a visitor loads who opens the chat; the least where a range is known. */
  readonly kb: number;
  readonly from: string;
}

const PEERS: readonly Peer[] = [
  { name: 'Rocket.Chat Livechat 1.13.3', kb: 73, from: 'npm package, gzip of each file' },
  { name: 'Amazon Connect ChatJS 5.0.0, no face', kb: 77, from: 'its bundle, gzip' },
  { name: 'Twilio Conversations SDK 3.0.1, no face', kb: 125, from: 'its bundle, gzip' },
  { name: 'Gorgias', kb: 180, from: 'published: 180 to 280' },
  { name: "Twilio's web chat (React)", kb: 286, from: 'its own production build, gzip' },
  { name: 'Intercom', kb: 300, from: 'published: 300 to 500' },
  { name: 'Amazon Connect chat interface', kb: 571, from: 'its own production build, gzip' },
];

/** @returns one row for each peer: how many times our opened chat it weighs. */
export function besidePeers(figures: readonly Figure[]) {
  const opened = figures.find(({ name }) => name.startsWith('widget: opened chat'));
  if (opened === undefined) throw new Error('no figure of the opened chat');
  const ours = opened.value / 1000;
  return [
    { chat: 'this one, opened', kb: Math.round(ours), times: 1, from: 'this run' },
    ...PEERS.map(({ name, kb, from }) => ({
      chat: name,
      kb,
      times: Math.round((kb / ours) * 10) / 10,
      from,
    })),
  ];
}
