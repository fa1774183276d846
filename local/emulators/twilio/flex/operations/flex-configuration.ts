import type { Operation } from '../../rest/call.ts';
import type { World } from '../../world/world.ts';
import { FLEX_HOST } from '../endpoints.ts';

export const flexConfigurationOperations = ({ account, messagingServiceSid }: World) =>
  ({
    fetchFlexConfiguration: () => ({
      account_sid: account.accountSid,
      status: 'ok',
      taskrouter_workspace_sid: account.workspaceSid,
      taskrouter_target_workflow_sid: account.workflows[0]?.sid ?? null,
      messaging_service_instance_sid: messagingServiceSid,
      chat_service_instance_sid: account.chatServiceSid,
      flex_service_instance_sid: account.chatServiceSid,
      flex_instance_sid: account.flexInstanceSid,
      attributes: {},
      ui_version: '~2.0.0',
      url: `https://${FLEX_HOST}/v1/Configuration`,
    }),
  }) satisfies Record<string, Operation>;
