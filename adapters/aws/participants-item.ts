/**
 * The item of a session's participants. Each fact has an attribute of its own, and no update takes a
 * fact back, so that updates at the same time and in any order lose nothing.
 */
import * as v from 'valibot';
import {
  type LearntName,
  NO_PARTICIPANTS,
  type Outdated,
  type Participants,
  type ParticipantsChange,
  type Stay,
} from '#core/participants';
import type { ItemUpdate, StoredItem } from './dynamo-table.ts';
import { isLive, PARTICIPANTS_SORT_KEY, toExpiresAt } from './table-items.ts';

const nameOf = (identity: string): string => `name#${identity}`;
/** An attribute of its own, so that a failure that comes late does not remove a name. */
const triedOf = (identity: string): string => `tried#${identity}`;
const joinedOf = ({ chat, sid }: Pick<Stay, 'chat' | 'sid'>): string => `in#${chat}#${sid}`;
const leftOf = ({ chat, sid }: Pick<Stay, 'chat' | 'sid'>): string => `out#${chat}#${sid}`;
const readOf = (chat: number): string => `read#${chat}`;

const ItemSchema = v.object({ expiresAt: v.number() });
const NameSchema = v.object({ name: v.string(), atMs: v.number() });
const TriedSchema = v.number();
const JoinedSchema = v.object({ identity: v.string(), joinedAtMs: v.number() });
const IndexSchema = v.number();

/** Leaves out what this version can't read: later webhooks tell it again. */
export function readParticipants(items: readonly StoredItem[], nowMs: number): Participants {
  const item = items.find(({ sk }) => sk === PARTICIPANTS_SORT_KEY);
  if (item === undefined || !v.is(ItemSchema, item) || !isLive(item, nowMs)) return NO_PARTICIPANTS;
  return {
    names: readNames(item),
    stays: readStays(item),
    readIndexes: new Map(
      of(item, 'read#').flatMap(([chat, index]): [number, number][] =>
        v.is(IndexSchema, index) ? [[Number(chat), index]] : [],
      ),
    ),
  };
}

function readNames(item: StoredItem): Participants['names'] {
  const names = new Map<string, LearntName>();
  for (const [identity, atMs] of of(item, 'tried#')) {
    if (v.is(TriedSchema, atMs)) names.set(identity, { atMs });
  }
  for (const [identity, learnt] of of(item, 'name#')) {
    if (v.is(NameSchema, learnt)) names.set(identity, learnt);
  }
  return names;
}

function readStays(item: StoredItem): Stay[] {
  const left = new Set(of(item, 'out#').map(([stay]) => stay));
  const joined = new Map(of(item, 'in#'));
  return [...new Set([...joined.keys(), ...left])].map((stay): Stay => {
    const [chat = '', sid = ''] = stay.split('#');
    const known = joined.get(stay);
    return {
      chat: Number(chat),
      sid,
      hasLeft: left.has(stay),
      ...(v.is(JoinedSchema, known) && known),
    };
  });
}

/** The attributes of one kind, by the rest of their names. */
function of(item: StoredItem, kind: string): [string, unknown][] {
  return Object.entries(item)
    .filter(([attribute]) => attribute.startsWith(kind))
    .map(([attribute, value]) => [attribute.slice(kind.length), value]);
}

export function participantsUpdate(
  change: ParticipantsChange,
  old: Outdated,
  expiresAtMs: number,
): ItemUpdate {
  const set = Object.entries(attributesOf(change));
  const removed = [
    ...old.names.flatMap((identity) => [nameOf(identity), triedOf(identity)]),
    ...old.stays.flatMap((stay) => [joinedOf(stay), leftOf(stay)]),
    ...old.reads.map(readOf),
  ];
  const expression = [
    `SET ${['expiresAt = :expiresAt', ...set.map((_, n) => `#s${n} = :s${n}`)].join(', ')}`,
    ...(removed.length > 0 ? [`REMOVE ${removed.map((_, n) => `#r${n}`).join(', ')}`] : []),
  ].join(' ');
  const names = Object.fromEntries([
    ...set.map(([attribute], n) => [`#s${n}`, attribute]),
    ...removed.map((attribute, n) => [`#r${n}`, attribute]),
    ...(change.read ? [['#read', readOf(change.read.chat)]] : []),
  ]);
  return {
    expression,
    ...(change.read && { condition: 'attribute_not_exists(#read) OR #read < :index' }),
    ...(Object.keys(names).length > 0 && { names }),
    values: {
      ':expiresAt': toExpiresAt(expiresAtMs),
      ...Object.fromEntries(set.map(([, value], n) => [`:s${n}`, value])),
      ...(change.read && { ':index': change.read.index }),
    },
  };
}

function attributesOf({ names, joined, left, read }: ParticipantsChange): Record<string, unknown> {
  return {
    ...Object.fromEntries(
      [...(names ?? [])].map(([identity, learnt]) =>
        learnt.name === undefined ? [triedOf(identity), learnt.atMs] : [nameOf(identity), learnt],
      ),
    ),
    ...(joined && {
      [joinedOf(joined)]: { identity: joined.identity, joinedAtMs: joined.joinedAtMs },
    }),
    ...(left && { [leftOf(left)]: true }),
    ...(read && { [readOf(read.chat)]: read.index }),
  };
}
