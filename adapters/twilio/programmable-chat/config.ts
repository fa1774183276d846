import type { FlexConfig } from '../flex/flex-config.ts';
import { path, type TwilioPath } from '../rest/twilio-path.ts';

export interface ProgrammableChatConfig extends FlexConfig {
  /** `FO…`: the Flex Flow of the channel. */
  readonly flexFlowSid: string;
  /** What the Flex Flow does with a chat. */
  readonly integration: 'studio' | 'task' | 'external';
  /** Where a chat is sent that is routed again; without them where its former task was. */
  readonly workflowSid?: string;
  readonly taskChannel?: string;
}

/** @param channel SID or unique name. */
export function channelPath(
  { chatServiceSid }: ProgrammableChatConfig,
  channel: string,
): TwilioPath {
  return path`/v2/Services/${chatServiceSid}/Channels/${channel}`;
}
