import { randomBytes } from 'node:crypto';
import type { FlexFlowSeed, TwilioAccount } from '../emulators/twilio/options.ts';
import { readJsonFile, writeJsonFile } from '../json-file.ts';
import type { LocalConfig } from './local-config.ts';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** What an account has and no configuration names. */
type MadeUp = Pick<TwilioAccount, 'authToken' | 'apiKeys' | 'flexInstanceSid'> & {
  readonly workflowSid: string;
};

/**
 * A Twilio account that has what the configuration names, under credentials that are made up.
 * @param file keeps what was made up; without it, it is for this run only.
 */
export function makeUpTwilioAccount({ twilio, flex }: LocalConfig, file?: string): TwilioAccount {
  const { workflowSid: madeUpWorkflowSid, ...madeUp } = keptOrNew(file);
  // A Studio flow sends to some workflow, which the configuration need not name.
  const { workflowSid = madeUpWorkflowSid, flowSid, taskChannel } = flex.routing;
  return {
    ...twilio,
    ...madeUp,
    workflows: [{ sid: workflowSid, ...(taskChannel !== undefined && { taskChannel }) }],
    studioFlows: flowSid === undefined ? [] : [{ sid: flowSid }],
    flexFlows: flexFlowsOf(flex),
  };
}

function keptOrNew(file: string | undefined): MadeUp {
  const kept = file === undefined ? undefined : readJsonFile<MadeUp>(file);
  if (kept !== undefined) return kept;
  const madeUp = {
    authToken: hex(16),
    apiKeys: [{ sid: `SK${hex(16)}`, secret: hex(16) }],
    flexInstanceSid: `GO${hex(16)}`,
    workflowSid: `WW${hex(16)}`,
  };
  if (file !== undefined) writeJsonFile(file, madeUp);
  return madeUp;
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
