/** What `provision` makes in a Twilio account, and how it is compared with what is there. */
import type { Config } from '#lib/config-schema';
import type { Fields } from '../config-file.ts';
import type { Twilio } from '../twilio/client.ts';

/** The stage for which resources are made. */
export interface Setup {
  readonly stage: string;
  readonly config: Config;
  readonly twilio: Twilio;
  /** Absent before the first deployment. */
  readonly webhookUrl?: string | undefined;
}

/** A resource as it is in the account. */
export interface Found {
  readonly id: string;
  /** Made by `provision`; nothing else is ever removed. */
  readonly isOurs: boolean;
  /** Describes it in a few words. */
  readonly detail: string;
  /** What somebody else did to it since, in a few words. Then teardown leaves it. */
  readonly edited?: string | undefined;
}

export interface Plan {
  readonly action: 'create' | 'update' | 'keep' | 'conflict';
  readonly detail: string;
  /** For a conflict: what the owner of the other thing can do. */
  readonly cure?: string;
}

/** One thing that the channel needs in the account. */
export interface Resource<F extends Found = Found> {
  readonly name: string;
  /** Its content holds the address of the deployed stack. */
  readonly needsWebhookUrl: boolean;
  isNeeded(config: Config): boolean;
  /** @returns what this configuration uses; undefined when it has to be made. */
  find(setup: Setup): Promise<F | undefined>;
  /** @returns all that provision made for the stage, also for an earlier configuration. */
  findOurs(setup: Setup): Promise<readonly F[]>;
  /** Says what would be done; changes nothing. */
  plan(setup: Setup, found: F | undefined): Promise<Plan>;
  /** Does what `plan` says. @returns the id of what is there now. */
  apply(setup: Setup, found: F | undefined): Promise<string>;
  remove(setup: Setup, found: F): Promise<void>;
  /** Fields of the configuration that hold its id. */
  fields(config: Config, id: string): Fields;
}

/** The name by which a command tells its own things from everything else in the account. */
export const nameOf = (stage: string): string => `flex-channel ${stage}`;

/** Says which of the wanted values differ from those that were found. */
export function differences(
  wanted: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => value !== undefined && String(value) !== String(found[name]))
    .map(([name, value]) => `${name}: ${shown(found[name])} becomes ${shown(value)}`);
}

const shown = (value: unknown): string =>
  value === undefined || value === null || value === '' ? 'nothing' : String(value);

/** `keep` without differences, otherwise `update`. */
export function planOf(differing: readonly string[], kept: string): Plan {
  return differing.length === 0
    ? { action: 'keep', detail: kept }
    : { action: 'update', detail: differing.join('; ') };
}
