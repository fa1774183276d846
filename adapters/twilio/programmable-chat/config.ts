import type { FallbackNames } from '../flex/display-names.ts';
import { path, type TwilioPath } from '../rest/twilio-path.ts';

export interface ProgrammableChatConfig {
  /** `IS…`: the Flex chat service. */
  readonly chatServiceSid: string;
  /** `WS…` */
  readonly workspaceSid: string;
  /** `FO…`: the Flex Flow of the channel. */
  readonly flexFlowSid: string;
  /** What the Flex Flow does with a chat. */
  readonly integration: 'studio' | 'task' | 'external';
  /** Where a chat is sent that is routed again; without them where its former task was. */
  readonly workflowSid?: string;
  readonly taskChannel?: string;
  /** Public base URL of our webhooks, without a trailing slash. */
  readonly webhookUrl: string;
  /** What customers see where Flex tells no name. */
  readonly names: FallbackNames;
}

/** @param channel SID or unique name. */
export function channelPath(
  { chatServiceSid }: ProgrammableChatConfig,
  channel: string,
): TwilioPath {
  return path`/v2/Services/${chatServiceSid}/Channels/${channel}`;
}
