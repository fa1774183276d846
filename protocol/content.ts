/**
 * What a message may be besides its text: buttons, a list, a card, links, pictures, a place. Whoever
 * does not know it shows the text.
 */
import * as v from 'valibot';
import { isBlank } from './blank.ts';
import { utf8Bytes } from './limits.ts';

/** Of one message's content, as JSON. */
export const MAX_CONTENT_BYTES = 8_192;

/** Of buttons, items, links and pictures; as many as Twilio's templates have. */
const MAX_MEMBERS = 10;

const MAX_CHOICE_ID_CHARACTERS = 200;

const text = (maxCharacters: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(maxCharacters),
    v.check((value) => !isBlank(value), 'text: not blank'),
  );

/** ASCII, as addresses travel; no name and password before the host, which would hide it. */
const httpsUrl = v.pipe(
  v.string(),
  v.maxLength(2_048),
  v.regex(/^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][!-~]*)?$/),
);

const phone = v.pipe(v.string(), v.regex(/^\+?[0-9][0-9 ().-]{1,30}$/));

const some = <Schema extends v.GenericSchema>(member: Schema) =>
  v.pipe(v.array(member), v.minLength(1), v.maxLength(MAX_MEMBERS));

const choiceId = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_CHOICE_ID_CHARACTERS));

const reply = v.object({ type: v.literal('reply'), id: choiceId, title: text(100) });
const link = v.object({ type: v.literal('url'), title: text(100), url: httpsUrl });
const call = v.object({ type: v.literal('phone'), title: text(100), phone });

/** Buttons: a tap says one's title. */
const QuickReplySchema = v.object({ type: v.literal('quickReply'), actions: some(reply) });

/** The same as a list, which `button` opens where there is little room. */
const ListPickerSchema = v.object({
  type: v.literal('listPicker'),
  button: text(100),
  items: some(
    v.object({ id: choiceId, title: text(100), description: v.exactOptional(text(256)) }),
  ),
});

const CardSchema = v.object({
  type: v.literal('card'),
  title: text(1_024),
  subtitle: v.exactOptional(text(256)),
  media: v.exactOptional(some(httpsUrl)),
  actions: v.exactOptional(some(v.variant('type', [reply, link, call]))),
});

/** Links, and numbers to call. */
const CallToActionSchema = v.object({
  type: v.literal('callToAction'),
  actions: some(v.variant('type', [link, call])),
});

/** Pictures and other files at public addresses. */
const MediaContentSchema = v.object({ type: v.literal('media'), media: some(httpsUrl) });

const LocationSchema = v.object({
  type: v.literal('location'),
  latitude: v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
  longitude: v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
  label: v.exactOptional(text(256)),
});

/** By its `type`. Texts are texts, never markup; addresses are `https` only. */
export const ContentSchema = v.variant('type', [
  QuickReplySchema,
  ListPickerSchema,
  CardSchema,
  CallToActionSchema,
  MediaContentSchema,
  LocationSchema,
]);

/** What was chosen, and in which message of the session. */
export const ChoiceSchema = v.object({
  chat: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  index: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  id: choiceId,
});

/** What a message says besides its text, by `type`; the server lets nothing else pass. */
export type Content = v.InferOutput<typeof ContentSchema>;
/** Which choice a message is, and of which other message. */
export type Choice = v.InferOutput<typeof ChoiceSchema>;

/**
 * Takes content from outside: all of it or nothing.
 * @param value nested no deeper than `MAX_JSON_DEPTH`.
 */
export function parseContent(value: unknown): Content | undefined {
  const parsed = v.safeParse(ContentSchema, value);
  if (!parsed.success) return undefined;
  const bytes = utf8Bytes(JSON.stringify(parsed.output));
  return bytes <= MAX_CONTENT_BYTES ? parsed.output : undefined;
}
