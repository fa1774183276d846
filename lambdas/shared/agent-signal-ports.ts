import { SecretReader } from '#adapters/aws/secret-reader';
import { createFlexUsers } from '#adapters/twilio/flex/flex-users';
import { RateLimiter } from '#core/rate-limiter';
import type { RelayTypingPorts } from '#core/webhooks/relay-typing';
import { readEnv } from '../contract/read-env.ts';
import { COMMON_ENV, createCommonPorts } from './common-ports.ts';
import { createRest } from './flex.ts';

/** Where agents open Flex unless it has a domain of its own. */
const FLEX_ORIGIN = 'https://flex.twilio.com';

/** Of one agent in one chat: the plugin sends one every 3 s. */
const SIGNALS = { perMinute: 30, burst: 5 };

/** @throws Error that names what is missing or malformed in the environment. */
export function agentSignalPorts(source: NodeJS.ProcessEnv): {
  readonly ports: RelayTypingPorts;
  readonly origins: readonly string[];
} {
  const env = readEnv(source, ...COMMON_ENV);
  const secrets = new SecretReader(Date.now);
  const common = createCommonPorts(env, secrets);
  return {
    ports: {
      ...common,
      names: common.flex,
      flexUsers: createFlexUsers(createRest(env, secrets), env.flex),
      signals: new RateLimiter(SIGNALS),
    },
    origins: [FLEX_ORIGIN, ...(env.flex.plugin?.origins ?? [])],
  };
}
