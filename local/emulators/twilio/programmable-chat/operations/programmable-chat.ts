import type { Operation } from '../../rest/call.ts';
import type { World } from '../../world/world.ts';
import type { ChatOperation } from '../endpoints.ts';
import { channelOperations } from './channels.ts';
import { memberOperations } from './members.ts';
import { chatMessageOperations } from './messages.ts';
import { inChat } from './scope.ts';
import { chatServiceOperations } from './service.ts';
import { chatUserOperations } from './users.ts';
import { channelWebhookOperations } from './webhooks.ts';

/** What serves Programmable Chat. */
export const chatOperations = (world: World): Record<ChatOperation, Operation> =>
  inChat(world, {
    ...chatServiceOperations(world),
    ...channelOperations(world),
    ...memberOperations(world),
    ...chatMessageOperations(world),
    ...channelWebhookOperations(world),
    ...chatUserOperations(world),
  });
