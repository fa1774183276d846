/** Entry of the bundle that Flex loads by a script tag. */
import type { Host } from './flex-contract.ts';
import { createPlugin } from './plugin.ts';

/** Written into the bundle when it is built: an address from elsewhere could ask for agents' tokens. */
declare const FLEX_CHANNEL_SIGNAL_URL: string;
declare const FLEX_CHANNEL_VERSION: string;

const host = globalThis as unknown as Host;
host.Twilio?.Flex?.Plugins?.init?.(
  createPlugin(host, FLEX_CHANNEL_SIGNAL_URL, FLEX_CHANNEL_VERSION),
);
