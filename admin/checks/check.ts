/** What `doctor` looks at, and how it tells what it finds. */
import type { ConfigProblem } from '#lib/config';
import type { Config } from '#lib/config-schema';
import type { Twilio } from '../twilio/client.ts';
import type { Credentials } from '../twilio/credentials.ts';

/** `error`: chats fail. `warning`: they may. `info`: worth knowing, nothing is wrong. */
export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  readonly severity: Severity;
  /** Path in the configuration, or name of an environment variable. */
  readonly field: string;
  /** What stands there; never a secret. */
  readonly value?: string | undefined;
  readonly problem: string;
  /** What belongs there. */
  readonly expected?: string | undefined;
  readonly cure: string;
}

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T;

/** A configuration without what is wrong in it, so that the rest can be checked all the same. */
export type Draft = DeepPartial<Config>;

export interface Subject {
  readonly stage: string;
  /** How a command line names the stage. */
  readonly option: string;
  readonly draft: Draft;
  /** Only when nothing is wrong with it. */
  readonly config: Config | undefined;
  readonly problems: readonly ConfigProblem[];
  readonly credentials: Credentials;
  readonly webhookUrl: string | undefined;
  readonly nowMs: () => number;
}

interface CheckBase {
  readonly name: string;
  /** Fields of the draft without which there is nothing to check. */
  readonly needs: readonly string[];
  /** Nothing may be wrong with the configuration. */
  readonly needsWholeConfig?: true;
  /** @default always */
  appliesTo?(subject: Subject): boolean;
}

export interface OfflineCheck extends CheckBase {
  readonly isLive: false;
  run(subject: Subject): Promise<readonly Finding[]> | readonly Finding[];
}

/** What of the subject a check of single SIDs needs. */
export type Drafted = Pick<Subject, 'draft'>;

export interface LiveCheck extends CheckBase {
  readonly isLive: true;
  run(subject: Subject, twilio: Twilio): Promise<readonly Finding[]>;
}

export type Check = OfflineCheck | LiveCheck;

export const isConversations = ({ draft }: Subject): boolean =>
  draft.flex?.backEnd !== 'programmable-chat';
