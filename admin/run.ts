import { ConfigError } from '#lib/config';
import { shownValue } from '#lib/shown-value';
import {
  type Command,
  CommandError,
  EXIT,
  type ExitCode,
  helpOf,
  readValues,
  UsageError,
} from './command.ts';
import { doctorCommand } from './commands/doctor.ts';
import { provisionCommand } from './commands/provision.ts';
import { redriveCommand } from './commands/redrive.ts';
import { revokeCommand } from './commands/revoke.ts';
import { secretsSetCommand } from './commands/secrets-set.ts';
import { statusCommand } from './commands/status.ts';
import { teardownCommand } from './commands/teardown.ts';
import type { Terminal } from './terminal.ts';
import { describeFailure } from './twilio/client.ts';

const COMMANDS: readonly Command[] = [
  provisionCommand,
  doctorCommand,
  statusCommand,
  teardownCommand,
  secretsSetCommand,
  redriveCommand,
  revokeCommand,
];

const HELP = [
  'Usage: flex-channel <command> [options]',
  '',
  ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(14)}${summary.split('\n')[0]}`),
  '',
  'Credentials come from the environment: TWILIO_API_KEY and TWILIO_API_SECRET, or TWILIO_AUTH_TOKEN',
  '(doctor uses the token to test the webhooks as well). secrets set, redrive and revoke work in AWS',
  'and take its credentials and region as the AWS CLI does. "flex-channel <command> --help" tells the options.',
];

/** Runs one command line. Never throws: failures are told on the terminal. */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  try {
    return await dispatch(args, terminal, env);
  } catch (error) {
    const text = env['DEBUG'] ? String((error as Error).stack).split('\n') : describe(error);
    terminal.progress(...text);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

async function dispatch(
  args: readonly string[],
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  if (args.length === 0 || args[0] === '--help' || args[0] === 'help') {
    terminal.print(...HELP);
    return args.length === 0 ? EXIT.usage : EXIT.ok;
  }
  const command = COMMANDS.find(({ name }) => `${args.join(' ')} `.startsWith(`${name} `));
  if (command === undefined) {
    throw new UsageError([`There is no command ${shownValue(args[0])}.`, '', ...HELP]);
  }
  const values = readValues(command, args.slice(command.name.split(' ').length));
  if (values['help'] === true) {
    terminal.print(...helpOf(command));
    return EXIT.ok;
  }
  return command.run({ values, terminal, env });
}

/** The lines of our own errors are ours; what others say is one line. */
function describe(error: unknown): string[] {
  const isOurs =
    error instanceof UsageError || error instanceof CommandError || error instanceof ConfigError;
  return isOurs ? error.message.split('\n') : [describeFailure(error)];
}
