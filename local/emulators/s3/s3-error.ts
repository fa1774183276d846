import type { AwsAnswer } from '../aws/aws-service.ts';

/**
 * A refusal of S3, in XML.
 * Source: Amazon S3 API reference, "Error responses".
 */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  get answer(): AwsAnswer {
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${this.code}</Code><Message>${escaped(this.message)}</Message></Error>`;
    return { status: this.status, headers: { 'content-type': 'application/xml' }, body };
  }
}

export const accessDenied = (message: string): S3Error => new S3Error(403, 'AccessDenied', message);

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
