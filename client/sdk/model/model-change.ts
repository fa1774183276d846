/** What tabs tell each other of a model: all of it once, then what changes. Pure. */
import type { Cursor } from '#protocol/frames';
import type { ChatModel } from './chat-model.ts';
import { withChanges } from './revisions.ts';
import { addMessages, compareCursors, countBefore, type Message, messageAt } from './transcript.ts';
import { isBeforeWindow, withinWindow } from './window.ts';

export interface ModelChange {
  /** New ones, and those that say something else now. */
  readonly messages: readonly Message[];
  /** Where messages stood that are gone. */
  readonly gone: readonly Cursor[];
  /** Whatever else is not as it was. */
  readonly fields: Partial<ChatModel>;
}

/** Each tab keeps as much of the transcript as was asked for in it. */
const OWN: readonly string[] = ['transcript', 'from', 'keeps'] satisfies (keyof ChatModel)[];

/** Whether who knows the one model can be told of the other by what has changed. */
export function continues(before: ChatModel, after: ChatModel): boolean {
  return before.sessionId === after.sessionId && !(after.from && !before.from);
}

export function changeBetween(before: ChatModel, after: ChatModel): ModelChange {
  const names = Object.keys({ ...before, ...after }) as (keyof ChatModel)[];
  const changed = names.filter((name) => !OWN.includes(name) && before[name] !== after[name]);
  const fields = Object.fromEntries(changed.map((name) => [name, after[name]]));
  if (before.transcript === after.transcript) return { messages: [], gone: [], fields };
  const known = new Set(before.transcript);
  return {
    messages: after.transcript.filter(
      (message) => !known.has(message) && !isBeforeWindow(before, message),
    ),
    gone: before.transcript
      .filter((one) => !isBeforeWindow(after, one) && !messageAt(after.transcript, one))
      .map(({ chat, index }) => ({ chat, index })),
    fields,
  };
}

export function applyChange(model: ChatModel, { messages, gone, fields }: ModelChange): ChatModel {
  const after = { ...model, ...fields };
  const old = new Set([...messages, ...gone].map((place) => messageAt(model.transcript, place)));
  const changed: ChatModel = {
    ...after,
    notices: reused(model.notices, after.notices),
    outbox: reused(model.outbox, after.outbox),
    transcript: addMessages(
      old.size === 0 ? model.transcript : model.transcript.filter((one) => !old.has(one)),
      messages.filter((message) => !isBeforeWindow(model, message)),
    ),
  };
  // Of messages that only this tab keeps.
  const isTold = fields.edited !== undefined || fields.deleted !== undefined;
  return withinWindow(isTold ? withChanges(changed) : changed);
}

/** All of another tab's model, with the earlier messages that were read in this one. */
export function adoptModel(known: ChatModel, heard: ChatModel): ChatModel {
  const transcript = reused(known.transcript, heard.transcript);
  const adopted: ChatModel = {
    ...heard,
    notices: reused(known.notices, heard.notices),
    outbox: reused(known.outbox, heard.outbox),
    transcript,
  };
  const { from, keeps = 0 } = known;
  if (!from || !meets(known, heard)) return adopted;
  const earlier = known.transcript.slice(0, countBefore(known.transcript, transcript[0] ?? from));
  return withinWindow(
    withChanges({ ...adopted, from, keeps, transcript: [...earlier, ...transcript] }),
  );
}

/** Whether what is known goes as far as what was heard, and begins before it. */
function meets(known: ChatModel, heard: ChatModel): boolean {
  const cursor = known.catchUp?.cursor;
  return (
    known.sessionId === heard.sessionId &&
    known.keeps !== undefined &&
    heard.from !== undefined &&
    cursor !== undefined &&
    isBeforeWindow(heard, known.from ?? cursor) &&
    compareCursors(cursor, heard.from) >= 0
  );
}

/** What was heard is a copy: where it says the same as what is known, it is the known one. */
function reused<Item extends object>(
  known: readonly Item[],
  heard: readonly Item[],
): readonly Item[] {
  if (known === heard) return known;
  const byText = new Map(known.map((item) => [JSON.stringify(item), item]));
  return heard.map((item) => byText.get(JSON.stringify(item)) ?? item);
}
