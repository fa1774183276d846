/** What stands under `flexChannel` in the attributes of messages: what this channel alone reads and writes. */
import * as v from 'valibot';
import type { ContentRef, CustomerMessage, FlexMessage } from '#core/flex';
import { ChoiceSchema, parseContent } from '#protocol/content';
import { jsonText } from '../rest/json-text.ts';

/** Customers' own attributes of this name are not sent. */
const OWN_NAME = 'flexChannel';

const AttributesSchema = v.pipe(
  jsonText,
  v.object({
    [OWN_NAME]: v.object({
      content: v.pipe(v.optional(v.unknown()), v.transform(parseContent)),
      choice: v.fallback(v.optional(ChoiceSchema), undefined),
    }),
  }),
);

/** Anybody may write attributes: what is not as it has to be is not there. */
export function contentFields(attributes: string): Pick<FlexMessage, 'content' | 'choice'> {
  const parsed = v.safeParse(AttributesSchema, attributes);
  if (!parsed.success) return {};
  const { content, choice } = parsed.output[OWN_NAME];
  return { ...(content && { content }), ...(choice && { choice }) };
}

/** Attributes of a customer's message. What is the channel's own replaces attributes of the same name. */
export function messageAttributes({ id, attributes, choice }: CustomerMessage): string {
  const { [OWN_NAME]: _, ...given } = attributes ?? {};
  const own = choice && { [OWN_NAME]: { choice } };
  return JSON.stringify({ ...given, ...own, clientMessageId: id });
}

/** How types of media begin that are rich content, as Twilio's own SDK reads them. */
const RICH_TYPE = 'application/x-vnd.com.twilio.rich.';

/** Such as `twilio/quick-reply`; undefined for the type of a file. */
export function richTypeOf(contentType: string): string | undefined {
  if (!contentType.startsWith(RICH_TYPE)) return undefined;
  return contentType.slice(RICH_TYPE.length).replace('.', '/').replaceAll('_', '-');
}

/**
 * Where Twilio keeps the rich content of a message. Whether REST and webhooks list it among the media
 * is unconfirmed: where they do not, the template is what is left.
 */
export function contentRef(
  media: readonly NonNullable<ContentRef['media']>[],
  templateId: string,
): Pick<FlexMessage, 'contentRef'> {
  const rich = media.find(({ contentType }) => richTypeOf(contentType) !== undefined);
  const ref: ContentRef = {
    ...(rich && { media: { id: rich.id, contentType: rich.contentType } }),
    ...(templateId && { templateId }),
  };
  return Object.keys(ref).length > 0 ? { contentRef: ref } : {};
}
