import { RunningParts } from '#local/stack/running-parts';

describe('RunningParts', () => {
  test('stops the last part first, each once', async () => {
    const stopped: string[] = [];
    const parts = new RunningParts();
    for (const name of ['first', 'second']) {
      parts.add(() => {
        stopped.push(name);
      });
    }

    await parts.stop();
    await parts.stop();

    expect(stopped).toEqual(['second', 'first']);
  });

  test('stops the others when one fails, and tells of the failure', async () => {
    const stopped: string[] = [];
    const parts = new RunningParts();
    parts.add(() => {
      stopped.push('first');
    });
    parts.add(() => Promise.reject(new Error('stuck')));

    await expect(parts.stop()).rejects.toThrow('stuck');
    expect(stopped).toEqual(['first']);
  });
});
