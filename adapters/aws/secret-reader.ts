import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ChatError } from '#core/errors';
import { awsError } from './aws-errors.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';

/** A rotated secret is seen after this time at the latest. */
const MAX_AGE_MS = 5 * 60_000;

/** After a failed or forced read, no other read of the secret for so long. */
const MIN_INTERVAL_MS = 30_000;

/**
 * The same for a secret that was never read. Shorter, as every request needs it; not 0, as anybody
 * may send requests.
 */
const NEVER_READ_INTERVAL_MS = 5_000;

interface CachedSecret {
  readonly text: string;
  readonly staleAtMs: number;
}

interface Failure {
  readonly error: unknown;
  readonly untilMs: number;
}

/**
 * Secrets by ARN, kept in memory. Reads at the same time share one call. If a secret was read before
 * and can't be read now, the old text is used. If it was never read, the failure is repeated for
 * some seconds, so that forged requests cause no calls.
 */
export class SecretReader {
  readonly #nowMs: () => number;
  readonly #client: SecretsManagerClient;
  readonly #cached = new Map<string, CachedSecret>();
  readonly #pending = new Map<string, Promise<string>>();
  readonly #forcedAtMs = new Map<string, number>();
  readonly #failed = new Map<string, Failure>();

  constructor(nowMs: () => number, client = new SecretsManagerClient(CLIENT_SETTINGS)) {
    this.#nowMs = nowMs;
    this.#client = client;
  }

  /**
   * @returns the current text, at most 5 minutes old.
   * @throws ChatError `MISCONFIGURED`, `UPSTREAM_UNAVAILABLE` when it was never read.
   */
  async read(secretArn: string): Promise<string> {
    const cached = this.#cached.get(secretArn);
    return cached !== undefined && this.#nowMs() < cached.staleAtMs
      ? cached.text
      : this.#load(secretArn);
  }

  /**
   * Reads the secret anew, because a signature does not fit and the secret may have been rotated.
   * Within 30 s of the last time it answers as `read` does, so that forged signatures cause no calls;
   * a read that is under way is waited for.
   * @throws ChatError as `read`.
   */
  async refresh(secretArn: string): Promise<string> {
    const nowMs = this.#nowMs();
    const forcedAtMs = this.#forcedAtMs.get(secretArn);
    if (forcedAtMs !== undefined && nowMs - forcedAtMs < MIN_INTERVAL_MS) {
      return this.#pending.get(secretArn) ?? this.read(secretArn);
    }
    this.#forcedAtMs.set(secretArn, nowMs);
    return this.#load(secretArn);
  }

  #load(secretArn: string): Promise<string> {
    const pending = this.#pending.get(secretArn);
    if (pending !== undefined) return pending;
    const failed = this.#failed.get(secretArn);
    if (failed !== undefined && this.#nowMs() < failed.untilMs) return Promise.reject(failed.error);
    const loading = this.#fetchOrKeep(secretArn).finally(() => this.#pending.delete(secretArn));
    this.#pending.set(secretArn, loading);
    return loading;
  }

  async #fetchOrKeep(secretArn: string): Promise<string> {
    try {
      const text = await this.#fetch(secretArn);
      this.#cached.set(secretArn, { text, staleAtMs: this.#nowMs() + MAX_AGE_MS });
      this.#failed.delete(secretArn);
      return text;
    } catch (error) {
      const old = this.#cached.get(secretArn);
      if (old === undefined) {
        this.#failed.set(secretArn, { error, untilMs: this.#nowMs() + NEVER_READ_INTERVAL_MS });
        throw error;
      }
      this.#cached.set(secretArn, { ...old, staleAtMs: this.#nowMs() + MIN_INTERVAL_MS });
      return old.text;
    }
  }

  async #fetch(secretArn: string): Promise<string> {
    const command = new GetSecretValueCommand({ SecretId: secretArn });
    const answer = await this.#client.send(command).catch((error: unknown) => {
      throw awsError(`secretsmanager GetSecretValue of ${secretArn}`, error);
    });
    if (!answer.SecretString) {
      throw new ChatError('MISCONFIGURED', `secret ${secretArn} holds no text`);
    }
    return answer.SecretString;
  }
}
