import { checkConfig, readConfigJson } from '#lib/config';
import type { Finding, Subject } from '../checks/check.ts';
import { describeFinding } from '../checks/describe-finding.ts';
import { type Call, defineCommand, EXIT, type ExitCode } from '../command.ts';
import { type Diagnosis, diagnose, draftOf } from '../diagnose.ts';
import { locate, TWILIO_OPTIONS } from '../stage.ts';
import { formatTable } from '../table.ts';
import { readCredentials } from '../twilio/credentials.ts';
import { readWebhookUrl } from '../webhook-url.ts';

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'Checks configuration, credentials, Twilio account and webhooks, and names each cure.',
  options: TWILIO_OPTIONS,
  again: 'Run it again: it has changed nothing.',
  run,
});

async function run(call: Call<typeof TWILIO_OPTIONS>): Promise<ExitCode> {
  const { values, terminal } = call;
  const subject = readSubject(call);
  const diagnosis = await diagnose(subject, values['twilio-url'], terminal.progress);
  if (values.json) {
    terminal.printJson({ stage: subject.stage, ...diagnosis });
  } else {
    terminal.print(...describe(diagnosis));
  }
  return diagnosis.findings.some(({ severity }) => severity !== 'info') ? EXIT.failed : EXIT.ok;
}

/** Takes a configuration as it is: what is wrong with it is a finding. */
function readSubject({ values, env }: Call<typeof TWILIO_OPTIONS>): Subject {
  const location = locate(values);
  const json = readConfigJson(location);
  const { config, problems } = checkConfig(json);
  const draft = config ?? draftOf(json, problems);
  return {
    stage: location.stage,
    option: location.option,
    draft,
    config,
    problems,
    credentials: readCredentials(env),
    webhookUrl: readWebhookUrl(values, location.stage, draft.operations?.webhookUrl),
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

function summary(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  const errors = count('error');
  const warnings = count('warning');
  if (errors + warnings === 0) return 'No problem found.';
  return `Found: ${errors} error(s), ${warnings} warning(s).`;
}
