/** Files of messages, which both products keep in the same media service. */
import * as v from 'valibot';
import { ChatError } from '#core/errors';
import type { FlexFiles } from '#core/flex';
import type { FlexConfig } from '../flex/flex-config.ts';
import { MEDIA_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { path } from '../rest/twilio-path.ts';

/** A large file takes its time; the function's own time bounds it, too. */
const UPLOAD_TIMEOUT_MS = 15_000;

const sid = v.pipe(v.string(), v.regex(/^ME[0-9a-f]{32}$/));

const UploadedSchema = v.object({ sid });

const AddressSchema = v.object({
  links: v.object({ content_direct_temporary: v.pipe(v.string(), v.url()) }),
});

/**
 * Uploads and finds files. A file must be in the service of its channel.
 * Source: https://www.twilio.com/docs/conversations-classic/api/media-resource
 */
export function createChannelFiles(
  rest: TwilioRest,
  { chatServiceSid }: Pick<FlexConfig, 'chatServiceSid'>,
): FlexFiles {
  return {
    async uploadFile({ filename, contentType, bytes }) {
      const uploaded = await rest({
        method: 'POST',
        host: MEDIA_HOST,
        // The name is documented for multipart bodies only; Twilio's own SDK sends it so.
        path: path`/v1/Services/${chatServiceSid}/Media?Filename=${filename}`,
        upload: { contentType, bytes },
        answer: UploadedSchema,
        notFound: 'MISCONFIGURED',
        timeoutMs: UPLOAD_TIMEOUT_MS,
      });
      return uploaded.sid;
    },

    async fileUrl(id) {
      if (!v.is(sid, id)) throw new ChatError('FILE_GONE', 'no id of a file');
      const { links } = await rest({
        method: 'GET',
        host: MEDIA_HOST,
        path: path`/v1/Services/${chatServiceSid}/Media/${id}`,
        answer: AddressSchema,
        notFound: 'FILE_GONE',
      });
      return links.content_direct_temporary;
    },
  };
}
