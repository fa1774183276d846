/** The hops of a conversation, in their order, and where to look when one fails. */

export const HOPS = [
  'connect',
  'hello',
  'accepted',
  'in Flex',
  'echo',
  'task',
  'from Flex',
  'end',
] as const;

export type Hop = (typeof HOPS)[number];

export interface HopNotes {
  /** What the hop proves. */
  readonly about: string;
  /** Where to look when it fails. */
  readonly look: string;
}

export const HOP_NOTES: Readonly<Record<Hop, HopNotes>> = {
  connect: {
    about: 'the WebSocket API and the authorizer let a customer in',
    look: 'check CustomerSocketUrl and customers.allowedOrigins, and the log of customer-socket; docs/runbook.md, "Nobody can connect"',
  },
  hello: {
    about: 'a session begins: customer-socket reads its secrets and writes into the table',
    look: 'look into the log of customer-socket, and at the table',
  },
  accepted: {
    about: 'a message is stored in the queue ToFlex',
    look: 'look into the log of customer-socket, and at the queue ToFlex',
  },
  'in Flex': {
    about: "deliver-to-flex has opened the chat and posted the message: Twilio's transcript has it",
    look: 'look into the log of deliver-to-flex, and run "flex-channel doctor"; docs/runbook.md, "Messages reach Flex late"',
  },
  echo: {
    about: "Twilio's webhook has reached flex-webhook, and its push the customer",
    look: 'look into the log of flex-webhook: without a line there Twilio calls another address, or none (run "flex-channel doctor"); docs/runbook.md, "All webhooks are refused"',
  },
  task: {
    about: 'TaskRouter has a task for the chat',
    look: 'run "flex-channel doctor", and look at the workflow in TaskRouter; docs/runbook.md, "Chats end by themselves"',
  },
  'from Flex': {
    about: 'what is written in Flex is shown to the customer',
    look: 'look into the log of flex-webhook; docs/runbook.md, "Events do not reach customers"',
  },
  end: {
    about: 'the chat is ended in Flex, and the customer told',
    look: 'look into the log of deliver-to-flex, then into that of flex-webhook',
  },
};

export interface PassedHop {
  readonly hop: Hop;
  /** From the beginning of the hop to its proof. */
  readonly tookMs: number;
}

export interface FailedHop {
  readonly hop: Hop;
  readonly reason: string;
}
