import type { AwsAnswer, AwsRequest } from './aws-service.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/** One call as the protocol spells it. */
export interface JsonCall {
  /** Such as `SendMessage`. */
  readonly action: string;
  readonly parameters: Parameters;
}

/**
 * AWS's JSON protocol: a POST whose header names the action and whose body holds the parameters.
 * Source: Smithy, "AWS JSON 1.0 protocol".
 */
export class JsonProtocol {
  readonly #target: string;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param target what stands before the action: `AmazonSQS`.
   * @param version of the protocol, which clients read in the content type.
   */
  constructor(target: string, version: '1.0' | '1.1') {
    this.#target = `${target}.`;
    this.#headers = { 'content-type': `application/x-amz-json-${version}` };
  }

  /** @returns undefined for what names no action of this service or holds no JSON object. */
  read({ method, headers, body }: AwsRequest): JsonCall | undefined {
    const target = headers['x-amz-target'] ?? '';
    if (method !== 'POST' || !target.startsWith(this.#target)) return undefined;
    const parameters = parseObject(body);
    return parameters && { action: target.slice(this.#target.length), parameters };
  }

  answer(body: object, status = 200): AwsAnswer {
    return { status, headers: this.#headers, body: JSON.stringify(body) };
  }

  /**
   * Names an error by its shape, from which the SDK makes the class that it throws.
   * @param details of the answer: another status than 400, further headers.
   */
  error(
    shape: string,
    message: string,
    { status = 400, headers = {} }: Partial<Pick<AwsAnswer, 'status' | 'headers'>> = {},
  ): AwsAnswer {
    const answer = this.answer({ __type: shape, message }, status);
    return { ...answer, headers: { ...answer.headers, ...headers } };
  }
}

function parseObject(body: Buffer): Parameters | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Parameters) : undefined;
  } catch {
    return undefined;
  }
}
