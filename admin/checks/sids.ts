/** The SIDs of a configuration, checked before anything is made for them. */
import type { Config } from '#lib/config-schema';
import { CommandError } from '../command.ts';
import { explained } from '../failures/describe.ts';
import type { Twilio } from '../twilio/client.ts';
import { chatService } from './chat-service.ts';
import type { Drafted, Finding } from './check.ts';
import { describeFinding } from './describe-finding.ts';
import { taskChannel, workflow, workspace } from './task-router.ts';

interface SidCheck {
  readonly name: string;
  appliesTo?(subject: Drafted): boolean;
  run(subject: Drafted, twilio: Twilio): Promise<readonly Finding[]>;
}

const CHECKS: readonly SidCheck[] = [chatService, workspace, workflow, taskChannel];

/** @throws CommandError that names each SID with which no agent would see a chat, as doctor does. */
export async function refuseStrangeSids(twilio: Twilio, config: Config): Promise<void> {
  const subject = { draft: config };
  const checks = CHECKS.filter((check) => check.appliesTo?.(subject) !== false);
  const findings = await Promise.all(
    checks.map((check) => explained(check.name, () => check.run(subject, twilio))),
  );
  const errors = findings.flat().filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new CommandError([
    ...errors.flatMap(describeFinding),
    'Nothing was changed. Correct the file, and run this again.',
  ]);
}
