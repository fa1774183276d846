/** An answer of Twilio that refuses a request. */
export class TwilioError extends Error {
  override readonly name = 'TwilioError';
  readonly status: number;
  /** As in https://www.twilio.com/docs/api/errors. */
  readonly code: number;
  /** What only newer APIs tell. */
  readonly details: unknown;

  constructor(status: number, code: number, message: string, details?: unknown) {
    super(message);
    this.details = details;
    this.status = status;
    this.code = code;
  }

  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      message: this.message,
      more_info: `https://www.twilio.com/docs/errors/${this.code}`,
      status: this.status,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

export const badRequest = (message: string, code = 20001): TwilioError =>
  new TwilioError(400, code, message);

/** Twilio documents no HTTP status for these codes; 409 was reported for 50433. */
export const conflict = (code: number, message: string): TwilioError =>
  new TwilioError(409, code, message);

export const notFound = (path: string): TwilioError =>
  new TwilioError(404, 20404, `The requested resource ${path} was not found`);
