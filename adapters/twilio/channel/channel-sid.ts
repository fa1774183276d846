import * as v from 'valibot';
import { channelSid } from '#core/ids';

/** A conversation or a channel of Programmable Chat: both have the same SIDs. */
export const channelSidSchema = v.pipe(
  v.string(),
  v.regex(/^CH[0-9a-f]{32}$/),
  v.transform(channelSid),
);
