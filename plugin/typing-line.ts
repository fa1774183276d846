/** The line below the messages that says that the customer is writing. */
import type { CustomerTyping } from './customer-typing.ts';
import type { React } from './flex-contract.ts';

/**
 * What Flex passes to what is added to its list of messages. Which of these it is, is
 * `unconfirmed`: any of them will do.
 */
interface ListProps {
  readonly conversationSid?: unknown;
  readonly channelSid?: unknown;
  readonly conversation?: { readonly sid?: unknown; readonly source?: { readonly sid?: unknown } };
  readonly task?: { readonly attributes?: { readonly conversationSid?: unknown } };
}

export function createTypingLine(react: React, typing: CustomerTyping) {
  return function TypingLine(props: ListProps): unknown {
    const [, redraw] = react.useReducer((count) => count + 1, 0);
    react.useEffect(() => typing.subscribe(redraw), []);
    const text = typing.isTyping(conversationOf(props)) ? 'Customer is typing…' : '';
    // Always there, so that a screen reader hears it change.
    return react.createElement(
      'div',
      { role: 'status', style: { padding: '0 12px', minHeight: '1.5em', fontStyle: 'italic' } },
      text,
    );
  };
}

function conversationOf({ conversationSid, channelSid, conversation, task }: ListProps) {
  const candidates = [
    conversationSid,
    conversation?.sid,
    conversation?.source?.sid,
    task?.attributes?.conversationSid,
    channelSid,
  ];
  return candidates.find((sid) => typeof sid === 'string' && sid.startsWith('CH')) as
    | string
    | undefined;
}
