/** A first look at a configuration, before the chat is loaded. Pure. */
import type { FlexChatConfig } from './config.ts';

const FIELDS =
  'url locale texts theme profile form launcher scope maxBodyBytes sound notifications quickExitUrl beforeSend beforeShow';

/** It can't work, as far as a look of a few bytes tells. What is wrong is found out by `checkConfig`. */
export function isHopeless(config: FlexChatConfig): boolean {
  return (
    !/^wss?:/.test(config?.url) ||
    Object.keys(config).some((name) => !FIELDS.split(' ').includes(name))
  );
}
