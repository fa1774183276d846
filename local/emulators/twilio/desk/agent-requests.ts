/** Bodies of the agent's desk, checked. */

import { AgentError } from './agent.ts';
import type { AgentContent, AgentFile } from './agent-files.ts';

type Fields = Readonly<Record<string, unknown>>;

/** `{ "name"? }` */
export function onlyName(body: unknown): string | undefined {
  const { name } = fields(body, ['name']);
  if (name === undefined) return undefined;
  if (typeof name === 'string' && name.trim() !== '') return name;
  throw new AgentError(400, 'name: expected a text');
}

/** `{ "name"?, "publicIdentity"? }` */
export function agentOf(body: unknown): {
  readonly name: string | undefined;
  readonly publicIdentity: string | undefined;
} {
  const { publicIdentity, ...rest } = fields(body, ['name', 'publicIdentity']);
  if (publicIdentity !== undefined && typeof publicIdentity !== 'string') {
    throw new AgentError(400, 'publicIdentity: expected a text');
  }
  return { name: onlyName(rest), publicIdentity };
}

/** `{ "index" }` */
export function onlyIndex(body: unknown): number {
  const { index } = fields(body, ['index']);
  if (typeof index === 'number' && Number.isInteger(index) && index >= 0) return index;
  throw new AgentError(400, 'index: expected a whole number');
}

/** `{ "sid" }` */
export function onlySid(body: unknown): string {
  const { sid } = fields(body, ['sid']);
  if (typeof sid === 'string' && sid !== '') return sid;
  throw new AgentError(400, 'sid: expected the SID of a message');
}

/** `{ "sid", "body" }` */
export function messageChange(body: unknown): { readonly sid: string; readonly body: string } {
  const { body: words, ...rest } = fields(body, ['sid', 'body']);
  if (typeof words !== 'string' || words.trim() === '') {
    throw new AgentError(400, 'body: expected a text');
  }
  return { sid: onlySid(rest), body: words };
}

/**
 * `{ "body"?, "media"? }`: one file or a list of them, each `{ "filename", "contentType", "size" | "base64" }`;
 * or `{ "contentSid", "contentVariables"? }`.
 */
export function messageContent(body: unknown): AgentContent {
  const given = fields(body, ['body', 'media', 'contentSid', 'contentVariables']);
  const { contentSid, contentVariables } = given;
  if (typeof contentSid === 'string') {
    return { contentSid, contentVariables: JSON.stringify(contentVariables ?? {}) };
  }
  const files = [given['media'] ?? []].flat().map(file);
  const text = given['body'];
  if (typeof text === 'string' && text !== '') {
    return { body: text, ...(files.length > 0 && { media: files }) };
  }
  if (text !== undefined || files.length === 0) throw new AgentError(400, 'body: expected a text');
  return { media: files };
}

function file(value: unknown): AgentFile {
  const known = ['filename', 'contentType', 'size', 'base64'];
  const { filename, contentType, size, base64 } = fields(value, known);
  if (typeof filename !== 'string') throw new AgentError(400, 'media.filename: expected a text');
  if (typeof contentType !== 'string') {
    throw new AgentError(400, 'media.contentType: expected a text');
  }
  if (typeof base64 === 'string') {
    const bytes = Buffer.from(base64, 'base64');
    return { filename, contentType, size: bytes.length, bytes };
  }
  if (typeof size !== 'number') throw new AgentError(400, 'media.size: expected a number of bytes');
  return { filename, contentType, size };
}

function fields(value: unknown, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AgentError(400, 'body: expected a JSON object');
  }
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new AgentError(400, `${unknown}: unknown`);
  return value as Fields;
}
