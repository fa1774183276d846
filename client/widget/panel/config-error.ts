/** A configuration that can never work. The message names the field and the cure. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
