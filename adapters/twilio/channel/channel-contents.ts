/** Rich content that Twilio keeps beside messages: as media, or as the template that was sent. */
import * as v from 'valibot';
import type { FlexContents, FoundContent } from '#core/flex';
import { ExpiringCache } from '../flex/expiring-cache.ts';
import type { FlexConfig } from '../flex/flex-config.ts';
import { CONTENT_HOST, MEDIA_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { path } from '../rest/twilio-path.ts';
import { richTypeOf } from './content-fields.ts';
import { contentOfTemplate, contentOfType } from './template-content.ts';

/** A webhook waits for it, and does without when Twilio takes longer. */
const TIMEOUT_MS = 1_500;

const MAX_CACHED = 500;
const KEPT_MS = 60 * 60_000;
/** What could not be read is not asked for again with each message. */
const MISSED_MS = 60_000;

const mediaSid = v.pipe(v.string(), v.regex(/^ME[0-9a-f]{32}$/));
const templateSid = v.pipe(v.string(), v.regex(/^HX[0-9a-f]{32}$/));

const MediaContentSchema = v.object({ data: v.record(v.string(), v.unknown()) });
const TemplateSchema = v.object({ types: v.record(v.string(), v.unknown()) });

/**
 * By the media first, which is filled in; else by the template, if it has no gaps.
 * Source: npm `@twilio/conversations` 3.0.1; twilio.com/docs/content/content-api-resources.
 */
export function createChannelContents(
  rest: TwilioRest,
  { chatServiceSid }: Pick<FlexConfig, 'chatServiceSid'>,
): FlexContents {
  const cache = new ExpiringCache<{ readonly found: FoundContent | undefined }>(
    MAX_CACHED,
    Date.now,
  );
  const remember = async (key: string, read: () => Promise<FoundContent | undefined>) => {
    const cached = cache.get(key);
    if (cached) return cached.found;
    const found = await read().catch(() => undefined);
    cache.set(key, { found }, found ? KEPT_MS : MISSED_MS);
    return found;
  };
  const ofMedia = async (sid: string, type: string) => {
    const { data } = await rest({
      method: 'GET',
      host: MEDIA_HOST,
      // Unconfirmed that it answers the content itself, rather than by a redirection.
      path: path`/v1/Services/${chatServiceSid}/Media/${sid}/Content`,
      answer: MediaContentSchema,
      notFound: 'FILE_GONE',
      timeoutMs: TIMEOUT_MS,
    });
    return contentOfType(type, data);
  };
  const ofTemplate = async (sid: string) => {
    const { types } = await rest({
      method: 'GET',
      host: CONTENT_HOST,
      path: path`/v1/Content/${sid}`,
      answer: TemplateSchema,
      notFound: 'FILE_GONE',
      timeoutMs: TIMEOUT_MS,
    });
    return contentOfTemplate(types);
  };
  return {
    async findContent({ media, templateId }) {
      const type = media && richTypeOf(media.contentType);
      if (type && v.is(mediaSid, media.id)) {
        const found = await remember(media.id, () => ofMedia(media.id, type));
        if (found) return found;
      }
      if (!v.is(templateSid, templateId)) return undefined;
      return remember(templateId, () => ofTemplate(templateId));
    },
  };
}
