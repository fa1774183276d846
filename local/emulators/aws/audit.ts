/** One call to AWS as the front door saw it. */
export interface AuditEntry {
  /** Name of the calling function, or `operator`; `unknown` when its access key is not known. */
  readonly caller: string;
  /** As in the signature, such as `sqs`; `unknown` without one. */
  readonly service: string;
  /** Such as `sqs:SendMessage`; `unknown` when the service has no such operation. */
  readonly action: string;
  /** ARN, or empty when the action is not known. */
  readonly resource: string;
  readonly allowed: boolean;
  /** HTTP status of the answer. */
  readonly status: number;
  /** ISO 8601. */
  readonly at: string;
}

const LIMIT = 10_000;

/** The last 10,000 calls. */
export class AuditTrail {
  readonly #entries: AuditEntry[] = [];

  /** Oldest first. */
  get entries(): readonly AuditEntry[] {
    return this.#entries;
  }

  add(entry: AuditEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > LIMIT) this.#entries.shift();
  }
}
