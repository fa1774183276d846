/** The chunk that finds what is wrong in a configuration, and names the field and the cure. Pure. */
import type { FlexChatConfig } from '../config.ts';
import { isAddress } from './address.ts';
import { ConfigError } from './config-error.ts';

type Check = (value: unknown) => string | undefined;

const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value) ? undefined : `must be one of ${values.join(', ')}`;

const isA =
  (type: string, words = `must be a ${type}`): Check =>
  (value) =>
    typeof value === type ? undefined : words;

const isObject: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : 'must be an object';

const isLocale: Check = (value) => {
  try {
    if (typeof value === 'string' && Intl.getCanonicalLocales(value).length === 1) return undefined;
  } catch {
    // Told below.
  }
  return 'must be a language tag such as "de"';
};

const isUrl =
  (schemes: RegExp, example: string): Check =>
  (value) =>
    typeof value === 'string' && schemes.test(value) && isAddress(value)
      ? undefined
      : `must be an address such as "${example}"`;

const CHECKS: Readonly<Record<keyof FlexChatConfig, Check>> = {
  url: isUrl(/^wss?:\/\//, 'wss://abc.execute-api.eu-central-1.amazonaws.com/live'),
  locale: isLocale,
  texts: isObject,
  theme: oneOf('auto', 'light', 'dark'),
  profile: isObject,
  form: (value) => (Array.isArray(value) ? undefined : 'must be a list of fields'),
  launcher: isA('boolean'),
  scope: oneOf('browser', 'tab'),
  maxBodyBytes: (value) =>
    Number.isSafeInteger(value) && (value as number) > 0 ? undefined : 'must be a whole number',
  sound: isA('boolean'),
  notifications: isA('boolean'),
  quickExitUrl: isUrl(/^https?:\/\//, 'https://www.example.com'),
  beforeSend: isA('function'),
  beforeShow: isA('function'),
};

/**
 * @param languages that the widget speaks.
 * @throws ConfigError
 */
export function checkConfig(config: unknown, languages: readonly string[]): FlexChatConfig {
  if (isObject(config) !== undefined) {
    throw new ConfigError('flex-chat: config must be an object such as { url: "wss://…" }');
  }
  const fields = config as Record<string, unknown>;
  for (const [name, value] of Object.entries({ url: undefined, ...fields })) {
    if (value === undefined && name !== 'url') continue;
    const check = Object.keys(CHECKS).includes(name)
      ? CHECKS[name as keyof FlexChatConfig]
      : undefined;
    const problem = check
      ? check(value)
      : `is unknown; known are ${Object.keys(CHECKS).join(', ')}`;
    if (problem) throw new ConfigError(`flex-chat: ${name} ${problem}`);
  }
  const { locale, texts } = fields as unknown as FlexChatConfig;
  const language = locale?.split('-', 1)[0]?.toLowerCase();
  if (language !== undefined && !texts && !languages.includes(language)) {
    throw new ConfigError(
      `flex-chat: locale must be one of ${languages.join(', ')}, with any region; another one needs its own texts`,
    );
  }
  return fields as unknown as FlexChatConfig;
}
