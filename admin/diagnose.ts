/** Runs every check, whatever the others find. */
import type { ConfigProblem } from '#lib/config';
import { CHECKS } from './checks/all.ts';
import type { Check, Draft, Finding, Severity, Subject } from './checks/check.ts';
import { examineCredentials } from './checks/credentials.ts';
import { describeFailure } from './failures/describe.ts';
import { fieldOf } from './plan.ts';
import type { Twilio } from './twilio/client.ts';

export interface Checked {
  readonly name: string;
  /** `noted`: nothing is wrong, but the admin should know something. */
  readonly result: 'ok' | 'noted' | 'found' | 'not checked';
  /** Why it was not checked. */
  readonly reason?: string;
}

export interface Diagnosis {
  readonly findings: readonly (Finding & { readonly check: string })[];
  readonly checks: readonly Checked[];
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** @returns findings, worst first. */
export async function diagnose(
  subject: Subject,
  twilioUrl: string | undefined,
  progress: (line: string) => void = () => {},
): Promise<Diagnosis> {
  progress('Checking: credentials');
  const { findings, twilio } = await examineCredentials(subject, twilioUrl);
  // Nothing can be tried without the account that the file should name.
  const isTried = findings.length > 0 || fieldOf(subject.draft, 'twilio.accountSid') !== undefined;
  const skipped = isTried ? {} : { skipped: 'without a valid twilio.accountSid' };
  const reports: Report[] = [{ name: 'credentials', findings, ...skipped }];
  for (const check of CHECKS) {
    if (check.appliesTo?.(subject) === false) continue;
    progress(`Checking: ${check.name}`);
    reports.push(await report(check, subject, twilio));
  }
  return {
    findings: reports
      .flatMap((each) => each.findings.map((finding) => ({ ...finding, check: each.name })))
      .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
    checks: reports.map(toChecked),
  };
}

interface Report {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly skipped?: string;
}

async function report(check: Check, subject: Subject, twilio: Twilio | undefined): Promise<Report> {
  const { name, needs } = check;
  const lacking = needs.find((path) => fieldOf(subject.draft, path) === undefined);
  if (lacking !== undefined) return { name, findings: [], skipped: `without a valid ${lacking}` };
  if (check.needsWholeConfig && subject.config === undefined) {
    return { name, findings: [], skipped: 'the configuration is not valid yet' };
  }
  if (check.isLive && twilio === undefined) {
    return { name, findings: [], skipped: 'Twilio does not let us in' };
  }
  try {
    const findings = check.isLive
      ? await check.run(subject, twilio as Twilio)
      : await check.run(subject);
    return { name, findings };
  } catch (error) {
    return { name, findings: [broken(name, error)] };
  }
}

/** What Twilio does not let us check is told, too. */
const broken = (name: string, error: unknown): Finding => ({
  severity: 'warning',
  field: name,
  problem: `it could not be checked: ${describeFailure(error)}`,
  cure: 'use an API key of type Standard, and run doctor again',
});

function toChecked({ name, findings, skipped }: Report): Checked {
  if (skipped !== undefined) return { name, result: 'not checked', reason: skipped };
  if (findings.length === 0) return { name, result: 'ok' };
  return {
    name,
    result: findings.every(({ severity }) => severity === 'info') ? 'noted' : 'found',
  };
}

/** Takes out what is wrong, so that everything else can be checked. */
export function draftOf(json: unknown, problems: readonly ConfigProblem[]): Draft {
  const isObject = typeof json === 'object' && json !== null;
  const draft: Record<string, unknown> = isObject
    ? (structuredClone(json as object) as Record<string, unknown>)
    : {};
  for (const { path } of problems) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.length === 0 ? draft : fieldOf(draft, keys.join('.'));
    if (typeof parent === 'object' && parent !== null)
      delete (parent as Record<string, unknown>)[last];
  }
  return draft as Draft;
}
