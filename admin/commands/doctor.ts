import { checkConfig, readConfigJson } from '#lib/config';
import type { Finding, Subject } from '../checks/check.ts';
import { type Call, type Command, EXIT, type ExitCode, textOf } from '../command.ts';
import { type Diagnosis, diagnose, draftOf } from '../diagnose.ts';
import { locate, TWILIO_OPTIONS } from '../stage.ts';
import { formatTable } from '../table.ts';
import { readCredentials } from '../twilio/credentials.ts';
import { readWebhookUrl } from '../webhook-url.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Checks configuration, credentials, Twilio account and webhooks, and names each cure.',
  options: TWILIO_OPTIONS,
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const { values, terminal } = call;
  const subject = readSubject(call);
  const diagnosis = await diagnose(subject, textOf(values, 'twilio-url'), terminal.progress);
  if (values['json'] === true) {
    terminal.printJson({ stage: subject.stage, ...diagnosis });
  } else {
    terminal.print(...describe(diagnosis));
  }
  return diagnosis.findings.some(({ severity }) => severity !== 'info') ? EXIT.failed : EXIT.ok;
}

/** Takes a configuration as it is: what is wrong with it is a finding. */
function readSubject(call: Call): Subject {
  const location = locate(call);
  const json = readConfigJson(location);
  const { config, problems } = checkConfig(json);
  const draft = config ?? draftOf(json, problems);
  return {
    stage: location.stage,
    option: location.option,
    draft,
    config,
    problems,
    credentials: readCredentials(call.env),
    webhookUrl: readWebhookUrl(call.values, location.stage, draft.operations?.webhookUrl),
    nowMs: Date.now,
  };
}

function describe({ findings, checks }: Diagnosis): string[] {
  const rows = checks.map(({ name, result, reason }) => [result, name, reason ?? '']);
  return [
    ...findings.flatMap(describeFinding),
    ...formatTable(['result', 'check', ''], rows),
    '',
    summary(findings),
  ];
}

function describeFinding({ severity, field, value, problem, expected, cure }: Finding): string[] {
  const shown = value === undefined ? '' : ` = ${value}`;
  return [
    `${severity}: ${field}${shown}`,
    `  problem:  ${problem}`,
    ...(expected === undefined ? [] : [`  expected: ${expected}`]),
    `  cure:     ${cure}`,
    '',
  ];
}

function summary(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  const errors = count('error');
  const warnings = count('warning');
  if (errors + warnings === 0) return 'No problem found.';
  return `Found: ${errors} error(s), ${warnings} warning(s).`;
}
