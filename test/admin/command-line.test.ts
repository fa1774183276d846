import { readFileSync } from 'node:fs';
import { type Call, defineCommand, EXIT } from '../../admin/command.ts';
import { nearest } from '../../admin/nearest.ts';
import { runCommand } from '../support/admin-command.ts';

const version: string = JSON.parse(readFileSync('package.json', 'utf8')).version;

describe('the command line of flex-channel', () => {
  test.each([
    ['--help', 'Usage: flex-channel <command> [options]'],
    ['-h', 'Usage: flex-channel <command> [options]'],
    ['help', 'Usage: flex-channel <command> [options]'],
    ['help', '  secrets rotate  Makes a new key'],
    ['help secrets set', 'Usage: flex-channel secrets set [options]'],
    ['provision --help', 'Usage: flex-channel provision [options]'],
    ['secrets set -h', '  -h, --help '],
    ['--version', version],
    ['-v', version],
  ])('answers "%s" on standard output', async (line, said) => {
    const { code, out, err } = await runCommand(line);

    expect(code).toBe(0);
    expect(out).toContain(said);
    expect(err).toBe('');
  });

  test.each([
    ['provison', 'Did you mean "flex-channel provision"?'],
    ['dotcor --stage qa', 'Did you mean "flex-channel doctor"?'],
    ['secret set', 'Did you mean "flex-channel secrets set"?'],
    ['secrets', 'Did you mean "flex-channel secrets set"?'],
    ['tear', 'Did you mean "flex-channel teardown"?'],
    ['provision --dry-rn', 'provision has no option --dry-rn.\nDid you mean --dry-run?'],
    ['provision --dryrun', 'Did you mean --dry-run?'],
    ['provision -yes', 'Did you mean --yes?'],
    ['teardown --unsed=1', 'provision has no option'.replace('provision', 'teardown')],
    ['redrive --queue=x', 'Did you mean --queue-url?'],
  ])('names what "%s" may have meant', async (line, said) => {
    const { code, out, err } = await runCommand(line);

    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(said);
  });

  test.each([
    ['deploy', 'There is no command "deploy".\n\nUsage: flex-channel <command>'],
    ['--stage qa doctor', 'The command comes first, and options after it.'],
    ['provision --frobnicate', '"flex-channel provision --help" tells the options.'],
    ['provision --yes=1', "Option '--yes' does not take an argument"],
    ['provision qa', 'there is an argument without "--" before it'],
  ])('guesses nothing for "%s"', async (line, said) => {
    const { code, err } = await runCommand(line);

    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(err).not.toContain('Did you mean');
  });

  test.each([
    ['provision --stage qa --twilio-url localhost:3000', '--twilio-url'],
    ['redrive --stage qa --queue-url ToFlex.fifo', '--queue-url'],
    ['revoke --stage qa --callback-url ftp://example.com', '--callback-url'],
    ['doctor --stage qa --webhook-url https://', '--webhook-url'],
  ])('refuses what is no address: %s', async (line, option) => {
    const { code, err } = await runCommand(line);

    expect(code).toBe(2);
    expect(err).toContain(`${option}: expected an address that begins with http:// or https://`);
  });

  test.each([
    ['nonsense --json', 2, 'usage', 'There is no command "nonsense".'],
    ['provision --json --dry-rn', 2, 'usage', 'Did you mean --dry-run?'],
    ['status --json', 2, 'usage', 'Pass --stage <name> or --config <path>.'],
    ['status --json --stage nowhere', 1, 'failed', 'nowhere.json does not exist'],
    ['secrets set --json --stage prod', 2, 'usage', 'Pass --outputs <file>'],
    ['redrive --json --stage prod --outputs none.json', 2, 'usage', 'none.json does not exist'],
  ])('answers "%s" in JSON although it fails', async (line, code, kind, message) => {
    const outcome = await runCommand(line);

    expect(outcome.code).toBe(code);
    expect(JSON.parse(outcome.out)).toEqual({
      error: { kind, message: expect.stringContaining(message) },
    });
    expect(outcome.err).toContain(message);
  });
});

describe('defineCommand', () => {
  test('gives a command its own options with their types, and no others', async () => {
    const OPTIONS = {
      'dry-run': { type: 'boolean', about: 'changes nothing' },
      stage: { type: 'string', value: 'name', about: 'the stage' },
    } as const;
    const seen: unknown[] = [];
    const command = defineCommand({
      name: 'try',
      summary: 'Tries.',
      again: 'Run it again.',
      options: OPTIONS,
      async run({ values }: Call<typeof OPTIONS>) {
        const isDryRun: boolean | undefined = values['dry-run'];
        const stage: string | undefined = values.stage;
        // @ts-expect-error there is no such option
        seen.push(isDryRun, stage, values['dry-rn']);
        return EXIT.ok;
      },
    });

    const call = { values: { 'dry-run': true, stage: 'qa' }, env: {} } as never;
    await command.run(call);

    expect(seen).toEqual([true, 'qa', undefined]);
    expect(Object.keys(command.options)).toEqual(['dry-run', 'stage', 'json', 'help']);
  });
});

describe('nearest', () => {
  test.each([
    ['provison', 'provision'],
    ['st', 'status'],
    ['doctor', 'doctor'],
    ['', undefined],
    ['xyz', undefined],
    ['x'.repeat(10_000), undefined],
  ])('takes "%s" for %s', (given, name) => {
    expect(nearest(given, ['provision', 'doctor', 'status'])).toBe(name);
  });
});
