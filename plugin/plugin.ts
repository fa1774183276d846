/** The plugin as Flex knows it. Where a part of Flex is missing, its feature is, without a word. */
import { tellAgentTyping } from './agent-typing.ts';
import { CustomerTyping } from './customer-typing.ts';
import type { Flex, Host, Manager } from './flex-contract.ts';
import { createTypingLine } from './typing-line.ts';

export const PLUGIN_NAME = 'flex-channel';

/** @param host the page of Flex. */
export function createPlugin(host: Host, signalUrl: string, version: string) {
  return class {
    readonly name = PLUGIN_NAME;
    readonly uniqueName = PLUGIN_NAME;
    readonly version = version;
    readonly dependencies = {};

    init(flex: Flex, manager: Manager): void {
      attempt(() => tellAgentTyping(flex, manager, signalUrl, fetch));
      attempt(() => {
        const { React: react } = host;
        if (react === undefined || !flex.MessageList?.Content?.add) return;
        const typing = new CustomerTyping();
        typing.listen(manager.conversationsClient);
        const line = react.createElement(createTypingLine(react, typing), {
          key: 'flex-channel-typing',
        });
        flex.MessageList.Content.add(line, { sortOrder: 1_000 });
      });
    }
  };
}

/** An agent who can't see somebody type can still work: a plugin that throws may keep Flex from starting. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // Another release of Flex does it another way.
  }
}
