import { readConfig } from '#lib/config';
import { type Call, defineCommand, EXIT, type ExitCode, type Options } from '../command.ts';
import { isWrite, type Step } from '../plan.ts';
import { provision } from '../provision.ts';
import { CONFIRM_OPTIONS, confirmed, locate, TWILIO_OPTIONS } from '../stage.ts';
import { formatTable } from '../table.ts';
import { readCredentials } from '../twilio/credentials.ts';
import { readWebhookUrl } from '../webhook-url.ts';

const OPTIONS = { ...TWILIO_OPTIONS, ...CONFIRM_OPTIONS } as const satisfies Options;

export const provisionCommand = defineCommand({
  name: 'provision',
  summary:
    'Creates and updates what the stage needs in Twilio, and writes its SIDs into the configuration.',
  options: OPTIONS,
  again: 'Run it again: it finds what it has made already, and nothing is lost.',
  run,
});

async function run(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { values, terminal, env } = call;
  const location = locate(values);
  const config = readConfig(location);
  const isDryRun = values['dry-run'] === true;
  const show = values.json ? terminal.progress : terminal.print;
  let isShown = false;
  const showPlan = (steps: readonly Step[]): void => {
    show(...describePlan(location.stage, steps));
    isShown = true;
  };
  const { steps, isChanged } = await provision(config, {
    stage: location.stage,
    configPath: location.file,
    credentials: readCredentials(env),
    twilioUrl: values['twilio-url'],
    webhookUrl: readWebhookUrl(values, location.stage, config.operations.webhookUrl),
    progress: terminal.progress,
    approve: (planned) => {
      showPlan(planned);
      return confirmed(call, 'Change this?');
    },
  });
  if (!isShown) showPlan(steps);
  const hasConflict = steps.some(({ action }) => action === 'conflict');
  if (values.json) terminal.printJson(toJson(location.stage, steps, isChanged));
  else terminal.print('', outcome(steps, isChanged, isDryRun));
  const isRefused = steps.some(isWrite) && !isChanged && !isDryRun;
  return hasConflict || isRefused ? EXIT.failed : EXIT.ok;
}

function describePlan(stage: string, steps: readonly Step[]): string[] {
  const rows = steps.flatMap((step) => [
    [step.action, step.resource.name, step.found?.id ?? '-', step.detail],
    ...(step.cure === undefined ? [] : [['', '', '', `cure: ${step.cure}`]]),
    ...Object.keys(step.fields).map((path) => ['write', 'configuration', '-', path]),
  ]);
  if (rows.length === 0) return [`Stage ${stage} needs nothing in Twilio.`];
  return [`Plan for stage ${stage}`, '', ...formatTable(['action', 'what', 'id', 'detail'], rows)];
}

function outcome(steps: readonly Step[], isChanged: boolean, isDryRun: boolean): string {
  if (isChanged) return 'Done. Commit the configuration file, then deploy.';
  if (!steps.some(isWrite)) return 'Nothing to change.';
  return isDryRun ? 'Dry run: nothing was changed.' : 'Nothing was changed.';
}

const toJson = (stage: string, steps: readonly Step[], isChanged: boolean) => ({
  stage,
  isChanged,
  steps: steps.map(({ resource, found, action, detail, cure, fields }) => ({
    resource: resource.name,
    action,
    id: found?.id,
    detail,
    cure,
    fields,
  })),
});
