import { randomBytes } from 'node:crypto';
import type { FlexFlowSeed, TwilioAccount } from '../emulators/twilio/options.ts';
import type { LocalConfig } from './local-config.ts';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** A Twilio account that has what the configuration names, under credentials made up for this run. */
export function makeUpTwilioAccount({ twilio, flex }: LocalConfig): TwilioAccount {
  // A Studio flow sends to some workflow, which the configuration need not name.
  const { workflowSid = `WW${hex(16)}`, flowSid, taskChannel } = flex.routing;
  return {
    ...twilio,
    authToken: hex(16),
    apiKeys: [{ sid: `SK${hex(16)}`, secret: hex(16) }],
    workflows: [{ sid: workflowSid, ...(taskChannel !== undefined && { taskChannel }) }],
    studioFlows: flowSid === undefined ? [] : [{ sid: flowSid }],
    flexInstanceSid: `GO${hex(16)}`,
    flexFlows: flexFlowsOf(flex),
  };
}

/** The Flex Flow that Programmable Chat is configured with, routing as the configuration says. */
function flexFlowsOf({ flexFlowSid, routing }: LocalConfig['flex']): FlexFlowSeed[] {
  if (flexFlowSid === undefined) return [];
  const { type, workflowSid, flowSid, url, taskChannel } = routing;
  const integration = {
    ...(workflowSid !== undefined && { workflowSid }),
    ...(flowSid !== undefined && { flowSid }),
    ...(url !== undefined && { url }),
    ...(taskChannel !== undefined && { channel: taskChannel }),
  };
  // The app refuses any other type when it is synthesized.
  const integrationType = type as FlexFlowSeed['integrationType'];
  return [{ sid: flexFlowSid, integrationType, integration }];
}
