/** Reads what Twilio's content types hold, and makes the channel's own shapes of them. */
import * as v from 'valibot';
import type { FoundContent } from '#core/flex';
import { parseContent } from '#protocol/content';

const text = v.string();
const maybe = <Schema extends v.GenericSchema>(schema: Schema) => v.nullish(schema);

/** Buttons of other types, such as one that copies a code, are left out. */
const actions = v.pipe(
  v.array(
    v.object({
      type: v.fallback(text, ''),
      title: text,
      id: maybe(text),
      url: maybe(text),
      phone: maybe(text),
    }),
  ),
  v.transform((all) => all.flatMap((one) => toAction(one) ?? [])),
);

interface Action {
  readonly type: string;
  readonly title: string;
  readonly id?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly phone?: string | null | undefined;
}

function toAction({ type, title, id, url, phone }: Action) {
  switch (type) {
    case 'QUICK_REPLY':
      return { type: 'reply', title, id: id || title };
    case 'URL':
      return { type: 'url', title, url };
    case 'PHONE_NUMBER':
      return { type: 'phone', title, phone };
    default:
      return undefined;
  }
}

const location = v.pipe(
  v.object({
    latitude: v.pipe(v.union([v.number(), text]), v.transform(Number)),
    longitude: v.pipe(v.union([v.number(), text]), v.transform(Number)),
    label: maybe(text),
  }),
  v.transform(({ latitude, longitude, label }) => ({
    body: label || `${latitude}, ${longitude}`,
    content: { type: 'location', latitude, longitude, ...(label && { label }) },
  })),
);

/** By Twilio's name, the richest first: a template may say the same in several ways. */
const TYPES = {
  'twilio/card': v.pipe(
    v.object({
      title: maybe(text),
      body: maybe(text),
      subtitle: maybe(text),
      media: maybe(v.array(text)),
      actions: maybe(actions),
    }),
    v.transform(({ title, body, subtitle, media, actions: buttons }) => ({
      body: [title, body, subtitle].filter(Boolean).join('\n'),
      content: {
        type: 'card',
        title: title || body,
        ...(subtitle && { subtitle }),
        ...(media?.length && { media }),
        ...(buttons?.length && { actions: buttons }),
      },
    })),
  ),
  'twilio/list-picker': v.pipe(
    v.object({
      body: text,
      button: text,
      items: v.array(v.object({ item: text, id: text, description: maybe(text) })),
    }),
    v.transform(({ body, button, items }) => ({
      body,
      content: {
        type: 'listPicker',
        button,
        items: items.map(({ item, id, description }) => ({
          id,
          title: item,
          ...(description && { description }),
        })),
      },
    })),
  ),
  'twilio/quick-reply': v.pipe(
    v.object({ body: text, actions }),
    v.transform(({ body, actions: buttons }) => ({
      body,
      content: { type: 'quickReply', actions: buttons },
    })),
  ),
  'twilio/call-to-action': v.pipe(
    v.object({ body: text, actions }),
    v.transform(({ body, actions: buttons }) => ({
      body,
      content: { type: 'callToAction', actions: buttons },
    })),
  ),
  'twilio/media': v.pipe(
    v.object({ body: maybe(text), media: v.array(text) }),
    v.transform(({ body, media }) => ({ body: body ?? '', content: { type: 'media', media } })),
  ),
  'twilio/location': location,
} as const;

type TypeName = keyof typeof TYPES;

const isKnown = (type: string): type is TypeName => Object.hasOwn(TYPES, type);

/** @param data what stands under the type's name in a template. */
export function contentOfType(type: string, data: unknown): FoundContent | undefined {
  if (!isKnown(type)) return undefined;
  const parsed = v.safeParse(TYPES[type], data);
  // In a template that is not filled in, it is not known what stands in the gap.
  if (!parsed.success || JSON.stringify(parsed.output.content).includes('{{')) return undefined;
  const content = parseContent(parsed.output.content);
  return content && { content, body: parsed.output.body };
}

/** @param types by name, as a template lists them. */
export function contentOfTemplate(
  types: Readonly<Record<string, unknown>>,
): FoundContent | undefined {
  const type = Object.keys(TYPES).find((each) => Object.hasOwn(types, each));
  return type === undefined ? undefined : contentOfType(type, types[type]);
}
