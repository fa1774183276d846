import * as v from 'valibot';
import { fields } from '#local/emulators/fault-plan';

/**
 * What Twilio does and nobody documents. The first of the values is what the simulator does
 * unless it is told otherwise; a client has to be right with each.
 */
export const UnconfirmedSchema = fields({
  /** Whether webhooks of interactions carry a signature. */
  interactionWebhooks: v.optional(v.picklist(['signed', 'unsigned'])),
  /** Of how many interactions a webhook tells that they were created with; of the first, if of one. */
  ttidServes: v.optional(v.picklist(['many', 'one'])),
  /** When task attributes above 4,096 characters are refused: by the answer, or by the channel's failure. */
  largeTaskAttributes: v.optional(v.picklist(['at-once', 'later'])),
  /** What closes the conversation of an agent who ends the chat: the wrap-up, or the task's completion. */
  conversationCloses: v.optional(v.picklist(['wrapup', 'completion'])),
  /** What a second interaction for a conversation gets: error 45353, or an answer 200 and nothing else. */
  secondInteraction: v.optional(v.picklist(['error', 'nothing'])),
  /** How a token of Flex is refused that is not good: by `valid: false`, or by the status 401. */
  badFlexToken: v.optional(v.picklist(['answer', 'status'])),
  /** Whether a participant keeps the read horizon when only its attributes are written. */
  attributesKeepHorizon: v.optional(v.picklist(['yes', 'no'])),
  /** How messages tell of rich content: by their template, by an item of their media, or webhooks not at all. */
  richContent: v.optional(v.picklist(['template', 'media', 'hidden'])),
});

export type Unconfirmed = v.InferOutput<typeof UnconfirmedSchema>;
