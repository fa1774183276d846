/** What the package exports, as API Extractor reads it from the declarations that are packed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

/** One exported name, or a member of one. */
export interface ApiItem {
  readonly kind: string;
  /** Absent for a constructor. */
  readonly name?: string;
  /** With its delimiters. */
  readonly docComment?: string;
  readonly excerptTokens: readonly { readonly text: string }[];
  readonly fileUrlPath?: string;
  readonly members?: readonly ApiItem[];
  readonly isOptional?: boolean;
}

const ENTRIES = ['client/sdk/index', 'client/widget/index'];

/** @param types the folder that `writeDeclarations` has written. */
export function readApi(types: string): readonly ApiItem[] {
  const project = mkdtempSync(path.join(tmpdir(), 'client-api-'));
  const at = (name: string) => path.join(project, name);
  try {
    writeFileSync(at('package.json'), '{ "name": "flex-channel", "version": "0.0.0" }');
    const exported = ENTRIES.map(
      (entry) => `export * from ${JSON.stringify(path.join(types, entry))};`,
    );
    writeFileSync(at('index.d.ts'), exported.join('\n'));
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: project,
        mainEntryPointFilePath: at('index.d.ts'),
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              ...{ strict: true, target: 'es2022', lib: ['es2022', 'dom'], types: [] },
              ...{ module: 'esnext', moduleResolution: 'bundler' },
            },
            files: [at('index.d.ts')],
          },
        },
        apiReport: { enabled: false },
        docModel: { enabled: true, apiJsonFilePath: at('api.json') },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
      configObjectFullPath: at('api-extractor.json'),
      packageJsonFullPath: at('package.json'),
    });
    const { succeeded } = Extractor.invoke(config, {
      localBuild: true,
      // What it says of its own compiler is of no use here.
      messageCallback: (message) => {
        if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
      },
    });
    if (!succeeded) throw new Error('API Extractor could not read the declarations.');
    return JSON.parse(readFileSync(at('api.json'), 'utf8')).members[0].members;
  } finally {
    rmSync(project, { recursive: true });
  }
}
