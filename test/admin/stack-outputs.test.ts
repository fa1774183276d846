import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromOutputs, readOutputs } from '../../admin/stack-outputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
function written(content: unknown): { outputs: string } {
  const outputs = join(folder, `${Math.random()}.json`);
  writeFileSync(outputs, typeof content === 'string' ? content : JSON.stringify(content));
  return { outputs };
}

const QA = { 'qa-FlexChannel': { WebhookUrl: 'https://qa' }, 'qa-FlexChannelState': { T: 't' } };

describe('the file of outputs', () => {
  test("gives the outputs of both of a stage's stacks", () => {
    expect(readOutputs(written(QA), 'qa')).toEqual({ WebhookUrl: 'https://qa', T: 't' });
  });

  test("leaves another stage's outputs out", () => {
    const both = { ...QA, 'prod-FlexChannel': { WebhookUrl: 'https://prod' } };

    expect(readOutputs(written(both), 'prod')).toEqual({ WebhookUrl: 'https://prod' });
  });

  test.each([
    ['local', { FlexChannel: { WebhookUrl: 'http://127.0.0.1' } }],
    ['local', { WebhookUrl: 'http://127.0.0.1' }],
  ])('of stage %s is %j', (stage, content) => {
    expect(readOutputs(written(content), stage)).toEqual({ WebhookUrl: 'http://127.0.0.1' });
  });

  test.each([
    [QA, 'is of stage qa, not of prod'],
    [{ FlexChannel: { WebhookUrl: 'http://127.0.0.1' } }, 'is of stage local, not of prod'],
    [{ WebhookUrl: 'http://127.0.0.1' }, 'is of stage local, not of prod'],
    [{ 'my-qa-FlexChannel': {} }, 'is of stage my-qa, not of prod'],
  ])('is refused when it is of another stage: %j', (content, said) => {
    expect(() => readOutputs(written(content), 'prod')).toThrow(said);
  });

  test.each([
    ['{', 'is not JSON'],
    ['[]', 'holds no outputs'],
    ['{"prod-FlexChannel": 1}', 'holds no outputs'],
    ['null', 'holds no outputs'],
  ])('is refused when it holds %s', (content, said) => {
    expect(() => readOutputs(written(content), 'prod')).toThrow(said);
  });

  test('names what neither it nor the command line has', () => {
    const sources = { 'queue-url': 'QueueUrl', 'table-name': 'TableName' };

    expect(() => fromOutputs({ ...written(QA), 'queue-url': 'q' }, 'qa', sources)).toThrow(
      'has no TableName of stage qa. Deploy it, or pass --table-name.',
    );
  });
});
