/** What there is of a session, as lines and as JSON. */
import type { Traces } from './traces.ts';

export interface Found {
  readonly what: string;
  readonly where: 'AWS' | 'Twilio';
  readonly id: string;
}

export function listOf({ items, chats, userSid }: Traces, noun: string): Found[] {
  return [
    ...items.map(({ pk, sk }) => ({ what: 'item', where: 'AWS', id: `${pk} ${sk}` }) as const),
    ...chats.flatMap(({ sid, messages, mediaSids, tasks, pointer }): Found[] => [
      ...(pointer
        ? [{ what: 'item', where: 'AWS', id: `${pointer.pk} ${pointer.sk}` } as const]
        : []),
      { what: `${noun}, ${messages} messages`, where: 'Twilio', id: sid },
      ...mediaSids.map((id) => ({ what: 'file', where: 'Twilio', id }) as const),
      ...tasks.map((task) => ({ what: 'task', where: 'Twilio', id: task.sid }) as const),
    ]),
    ...(userSid === undefined ? [] : [{ what: 'user', where: 'Twilio', id: userSid } as const]),
  ];
}
