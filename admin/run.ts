import { readFileSync } from 'node:fs';
import { ConfigError } from '#lib/config';
import { shownValue } from '#lib/shown-value';
import { type Command, CommandError, EXIT, type ExitCode, helpOf, UsageError } from './command.ts';
import { doctorCommand } from './commands/doctor.ts';
import { eraseCommand } from './commands/erase.ts';
import { pluginDeployCommand } from './commands/plugin-deploy.ts';
import { pluginRemoveCommand } from './commands/plugin-remove.ts';
import { provisionCommand } from './commands/provision.ts';
import { redriveCommand } from './commands/redrive.ts';
import { revokeCommand } from './commands/revoke.ts';
import { secretsRotateCommand } from './commands/secrets-rotate.ts';
import { secretsSetCommand } from './commands/secrets-set.ts';
import { smokeCommand } from './commands/smoke.ts';
import { statusCommand } from './commands/status.ts';
import { teardownCommand } from './commands/teardown.ts';
import { describeFailure, isPassing } from './failures/describe.ts';
import { nearest } from './nearest.ts';
import { readValues } from './read-values.ts';
import type { Terminal } from './terminal.ts';

const COMMANDS: readonly Command[] = [
  provisionCommand,
  doctorCommand,
  statusCommand,
  teardownCommand,
  smokeCommand,
  secretsSetCommand,
  secretsRotateCommand,
  redriveCommand,
  revokeCommand,
  eraseCommand,
  pluginDeployCommand,
  pluginRemoveCommand,
];

const HELP = [
  'Usage: flex-channel <command> [options]',
  '',
  ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(16)}${summary.split('\n')[0]}`),
  '',
  'Credentials come from the environment: TWILIO_API_KEY and TWILIO_API_SECRET, or TWILIO_AUTH_TOKEN',
  '(doctor uses the token to test the webhooks as well). secrets, redrive, revoke and erase work in AWS',
  'and take its credentials and region as the AWS CLI does. "flex-channel <command> --help" tells the options,',
  '"flex-channel --version" the version. DEBUG=1 shows the stack trace of a failure.',
];

/** Runs one command line. Never throws: the terminal is told of failures. */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const command = COMMANDS.find(({ name }) => `${args.join(' ')} `.startsWith(`${name} `));
  try {
    if (command === undefined) return answerWithoutCommand(args, terminal);
    const values = readValues(command, args.slice(command.name.split(' ').length));
    if (values['help'] !== true) return await command.run({ values, terminal, env });
    terminal.print(...helpOf(command));
    return EXIT.ok;
  } catch (error) {
    const lines = linesOf(error, command);
    // Read from the arguments themselves: they may be what is wrong.
    if (args.includes('--json')) {
      const kind = error instanceof UsageError ? 'usage' : 'failed';
      terminal.printJson({ error: { kind, message: lines.join('\n') } });
    }
    terminal.progress(...(env['DEBUG'] ? String((error as Error).stack).split('\n') : lines));
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

/** @throws UsageError for a command that there is not. */
function answerWithoutCommand([first, ...rest]: readonly string[], terminal: Terminal): ExitCode {
  const asked = COMMANDS.find(({ name }) => name === rest.join(' '));
  switch (first) {
    case undefined:
      terminal.print(...HELP);
      return EXIT.usage;
    case '-h':
    case '--help':
    case 'help':
      terminal.print(...(asked === undefined ? HELP : helpOf(asked)));
      return EXIT.ok;
    case '-v':
    case '--version':
      terminal.print(version());
      return EXIT.ok;
    default:
      throw new UsageError(unknownCommand(first, rest));
  }
}

function unknownCommand(first: string, [second = '']: readonly string[]): string[] {
  if (first.startsWith('-')) return ['The command comes first, and options after it.', '', ...HELP];
  const names = COMMANDS.map(({ name }) => name);
  const meant = nearest(`${first} ${second}`, names) ?? nearest(first, names);
  return [
    `There is no command ${shownValue(first)}.`,
    ...(meant === undefined ? ['', ...HELP] : [`Did you mean "flex-channel ${meant}"?`]),
  ];
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

/** Our own errors consist of lines; a failure of others becomes one line with cause and cure. */
function linesOf(error: unknown, command: Command | undefined): string[] {
  const isOurs =
    error instanceof UsageError || error instanceof CommandError || error instanceof ConfigError;
  const again = command !== undefined && isPassing(error) ? [command.again] : [];
  return [...(isOurs ? error.message.split('\n') : [describeFailure(error)]), ...again];
}
