import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Writes a cloud assembly with these stacks into a new directory, as a synthesis would. */
export function aCloudAssembly(
  stacks: Record<string, object>,
  assets: Record<string, Record<string, string>> = {},
): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'cloud-assembly-'));
  const write = (file: string, content: object) =>
    writeFileSync(path.join(directory, file), JSON.stringify(content));
  const artifacts: Record<string, object> = { Tree: { type: 'cdk:tree' } };
  for (const [name, template] of Object.entries(stacks)) {
    const templateFile = `${name}.template.json`;
    artifacts[name] = { type: 'aws:cloudformation:stack', properties: { templateFile } };
    write(templateFile, template);
  }
  artifacts['Assets'] = { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } };
  write('assets.json', { files: writeAssets(directory, assets) });
  write('manifest.json', { artifacts });
  return directory;
}

/** Each asset becomes a directory of files; its object key is `<name>.zip`. */
function writeAssets(directory: string, assets: Record<string, Record<string, string>>): object {
  const files: Record<string, object> = {};
  for (const [name, contents] of Object.entries(assets)) {
    const source = `asset.${name}`;
    mkdirSync(path.join(directory, source));
    for (const [file, text] of Object.entries(contents)) {
      writeFileSync(path.join(directory, source, file), text);
    }
    files[name] = { source: { path: source }, destinations: { all: { objectKey: `${name}.zip` } } };
  }
  return files;
}
