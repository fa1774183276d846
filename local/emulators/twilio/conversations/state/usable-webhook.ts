import { badRequest } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';

interface Configuration {
  readonly url?: string | undefined;
  readonly triggers?: readonly string[] | undefined;
  readonly flowSid?: string | undefined;
}

const MAX_TRIGGERS = 5;

/**
 * What a webhook of a conversation and one of a channel cannot do without.
 * @param kind as the request says it: `Target studio`, `Type webhook`.
 * @throws TwilioError 20001.
 */
export function assertUsableWebhook(
  world: World,
  kind: string,
  { url, triggers = [], flowSid }: Configuration,
): void {
  if (triggers.length > MAX_TRIGGERS) throw badRequest(`At most ${MAX_TRIGGERS} triggers`);
  if (!kind.endsWith(' studio')) {
    if (url === undefined) throw badRequest(`${kind} needs Configuration.Url`);
    return;
  }
  if (flowSid === undefined) throw badRequest(`${kind} needs Configuration.FlowSid`);
  if (world.studioFlows.has(flowSid)) return;
  throw badRequest(`Configuration.FlowSid ${flowSid} is no flow of this account`);
}
