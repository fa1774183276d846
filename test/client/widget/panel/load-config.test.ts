import type { FlexChatConfig } from '#client/widget/config';
import { ConfigError } from '#client/widget/panel/config-error';
import { loadConfig } from '#client/widget/panel/load-config';

const LANGUAGES = ['en', 'de'];
const url = 'wss://chat.example/live';

describe('loading a configuration', () => {
  test.each([
    [{ url }],
    [{ url, launcher: false, sound: true, notifications: false }],
    [{ url, beforeShow: () => undefined }],
    [{ url, theme: 'dark', locale: 'de', scope: 'tab' }],
    [{ url, theme: undefined, sound: undefined }],
  ])('takes %j', async (config) => {
    await expect(loadConfig(config as FlexChatConfig, LANGUAGES)).resolves.toBe(config);
  });

  test.each([
    [undefined, /config must be an object/],
    [{}, /url must be an address/],
    [{ url: 'https://chat.example' }, /url must be an address/],
    [{ url: 'wss://' }, /url must be an address/],
    [{ url: ['wss://chat.example/live'] }, /url must be an address/],
    [{ url, sound: 'no' }, /sound must be a boolean/],
    [{ url, beforeSend: {} }, /beforeSend must be a function/],
    [{ url, theme: 'purple' }, /theme must be one of/],
    [{ url, locale: 'fi' }, /locale must be one of en, de/],
    [{ url, them: undefined, toString: 1 }, /toString is unknown/],
  ])('refuses %j', async (config, problem) => {
    const loaded = loadConfig(config as unknown as FlexChatConfig, LANGUAGES);

    await expect(loaded).rejects.toThrow(problem);
    await expect(loaded).rejects.toBeInstanceOf(ConfigError);
  });
});
