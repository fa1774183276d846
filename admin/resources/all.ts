import { flexFlow } from './flex-flow.ts';
import { interactionWebhook } from './interaction-webhook.ts';
import { postWebhook } from './post-webhook.ts';
import type { Resource } from './resource.ts';
import { studioFlow } from './studio-flow.ts';
import { taskEvents } from './task-events.ts';

/** In the order in which they are made: a Flex Flow names the Studio flow. Removed in reverse. */
export const RESOURCES: readonly Resource[] = [
  studioFlow,
  flexFlow,
  interactionWebhook('interaction'),
  interactionWebhook('global'),
  postWebhook,
  taskEvents,
];
