import type { FlexChatConfig } from '../config.ts';
import { isAddress } from './address.ts';

/** Fields of which the type tells that they are right. */
const TYPES: { readonly [Name in keyof FlexChatConfig]?: string } = {
  launcher: 'boolean',
  sound: 'boolean',
  notifications: 'boolean',
  beforeSend: 'function',
  beforeShow: 'function',
};

/**
 * Checks a configuration: one in which more can be wrong by a chunk that says what is, and what
 * to write instead.
 * @throws ConfigError
 */
export async function loadConfig(
  config: FlexChatConfig | undefined,
  languages: readonly string[],
): Promise<FlexChatConfig> {
  if (config && isSurelyRight(config)) return config;
  const { checkConfig } = await import('./check-config.ts');
  return checkConfig(config, languages);
}

function isSurelyRight({ url, ...others }: FlexChatConfig): boolean {
  const fields = Object.entries(others) as [keyof FlexChatConfig, unknown][];
  return (
    typeof url === 'string' &&
    /^wss?:\/\//.test(url) &&
    isAddress(url) &&
    fields.every(([name, value]) => typeof value === TYPES[name])
  );
}
