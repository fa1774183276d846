import { isBlank } from '#protocol/blank';
import { MAX_JSON_DEPTH } from '#protocol/json-depth';
import { MAX_ATTRIBUTES_BYTES, MAX_FRAME_BYTES, utf8Bytes } from '#protocol/limits';
import type { SendProblem } from '../basics/errors.ts';
import type { ChatModel } from '../model/chat-model.ts';
import { type Attributes, isFull } from '../model/outbox.ts';
import { jsonCopy } from '../model/profile.ts';

/** The most that a frame holds besides body and attributes: action, id, chat and ref. */
const FRAME_OVERHEAD_BYTES = 200;

/** @returns why a message can't be sent now; undefined when it can. */
export function findSendProblem(
  model: ChatModel,
  maxBodyBytes: number,
  body: unknown,
  attributes: Attributes | undefined,
): SendProblem | undefined {
  if (typeof body !== 'string') return 'bad_frame';
  if (isBlank(body)) return 'empty';
  if (utf8Bytes(body) > maxBodyBytes) return 'too_large';
  const copy = jsonCopy(attributes ?? {});
  if (copy === undefined) return 'bad_frame';
  if (utf8Bytes(JSON.stringify(copy)) > MAX_ATTRIBUTES_BYTES) return 'too_large';
  // The frame around them is the first level.
  if (isDeeper(copy, MAX_JSON_DEPTH - 1)) return 'bad_frame';
  // Control characters and quotation marks take more room in JSON.
  const frameBytes = utf8Bytes(JSON.stringify({ body, copy })) + FRAME_OVERHEAD_BYTES;
  if (frameBytes > MAX_FRAME_BYTES) return 'too_large';
  return findChatProblem(model);
}

/** @returns why nothing can be sent now, whatever it is. */
export function findChatProblem({ chat, outbox }: ChatModel): SendProblem | undefined {
  if (chat?.state === 'ended') return 'chat_ended';
  return isFull(outbox) ? 'outbox_full' : undefined;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
