/** A refusal in the words of Secrets Manager. */
export class SecretsError extends Error {
  override readonly name = 'SecretsError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
