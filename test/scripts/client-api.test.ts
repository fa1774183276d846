import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { apiMarkdown } from '../../scripts/client-api/markdown.ts';
import type { ApiItem } from '../../scripts/client-api/read-api.ts';

const PAGE = readFileSync('docs/client-api.md', 'utf8');

const alias = (name: string, docComment: string): ApiItem => ({
  kind: 'TypeAlias',
  name,
  docComment,
  excerptTokens: [{ text: `export declare type ${name} = string` }],
});

describe('docs/client-api.md', () => {
  test('says what the doc comments say', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['scripts/write-client-api.ts', '--check'],
      { encoding: 'utf8' },
    );

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test.each(['open', 'close', 'toggle', 'startChat', 'sendMessage', 'setProfile', 'endChat', 'on'])(
    'shows %s in use',
    (name) => {
      const [, part = ''] = PAGE.split(`#### FlexChatElement.${name}\n`);

      expect(part.split('####')[0]).toContain('```js\n');
    },
  );

  test.each(['beforeSend', 'beforeShow'])('shows the hook %s in use', (name) => {
    const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${name}?\``));

    expect(row).toContain(`Example: \`${name}: (`);
  });

  test('is not written while a name is exported without a word about it', () => {
    const told = alias('Told', '/**\n * A name.\n */');

    expect(apiMarkdown([told])).toContain('### Told\n\nA name.\n');
    expect(() => apiMarkdown([told, alias('Silent', '')])).toThrow(
      'Exported without a doc comment: Silent',
    );
  });
});
