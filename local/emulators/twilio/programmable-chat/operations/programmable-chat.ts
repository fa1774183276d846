import type { Operation } from '../../rest/call.ts';
import type { World } from '../../world/world.ts';
import type { ProgrammableChatOperation } from '../endpoints.ts';
import { channelOperations } from './channels.ts';
import { memberOperations } from './members.ts';
import { channelMessageOperations } from './messages.ts';
import { inProgrammableChat } from './scope.ts';
import { serviceOperations } from './service.ts';
import { channelUserOperations } from './users.ts';
import { channelWebhookOperations } from './webhooks.ts';

/** What serves Programmable Chat. */
export const programmableChatOperations = (
  world: World,
): Record<ProgrammableChatOperation, Operation> =>
  inProgrammableChat(world, {
    ...serviceOperations(world),
    ...channelOperations(world),
    ...memberOperations(world),
    ...channelMessageOperations(world),
    ...channelWebhookOperations(world),
    ...channelUserOperations(world),
  });
