import { chatService } from './chat-service.ts';
import type { Check } from './check.ts';
import { clock } from './clock.ts';
import { concurrency } from './concurrency.ts';
import { configuration } from './configuration.ts';
import { conversationWebhooks } from './conversation-webhooks.ts';
import { endOfLife, flexFlow } from './flex-flow.ts';
import { origins } from './origins.ts';
import { provisioned } from './provisioned.ts';
import { secrets } from './secrets.ts';
import { studioFlow } from './studio-flow.ts';
import { taskChannel, workflow, workspace } from './task-router.ts';
import { webhookRoundTrip } from './webhook-round-trip.ts';

export const CHECKS: readonly Check[] = [
  configuration,
  origins,
  concurrency,
  chatService,
  workspace,
  workflow,
  taskChannel,
  studioFlow,
  flexFlow,
  endOfLife,
  provisioned,
  conversationWebhooks,
  webhookRoundTrip,
  clock,
  secrets,
];
