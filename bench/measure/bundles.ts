import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { LOCAL_REGION } from '#local/assembly/assembly';
import { readAssets } from '#local/assembly/assets';
import { type FunctionSettings, readFunctions } from '#local/emulators/lambda/function-settings';
import type { LocalStack } from '#local/stack/local-stack';
import type { Figure } from './figure.ts';
import { median, rounded } from './statistics.ts';

const RUNS = 7;
/** What Lambda unpacks and a cold start loads. */
const MOST_BYTES = 650_000;
const MOST_MS = 350;

const TIME_IMPORT = `
  const startedAt = performance.now();
  await import(process.argv[1]);
  console.log(performance.now() - startedAt);
  process.exit();`;

/** Size of each function's bundle, and how long a fresh process takes to load it. */
export async function measureBundles(stack: LocalStack, cloudAssembly: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const settings of readFunctions(stack.assembly, readAssets(cloudAssembly))) {
    // CloudFormation's name is <stack>-<id><hash>-<suffix>.
    const name = settings.name.split('-')[1]?.replace(/[0-9A-F]{8}$/, '') ?? settings.name;
    const { size } = statSync(settings.handler.file);
    figures.push({ name: `${name}: size`, value: size, unit: 'bytes', atMost: MOST_BYTES });
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) times.push(await timeImport(settings));
    const value = rounded(median(times));
    figures.push({ name: `${name}: cold start`, value, unit: 'ms', atMost: MOST_MS });
  }
  return figures;
}

async function timeImport({ handler, environment }: FunctionSettings): Promise<number> {
  const url = pathToFileURL(handler.file).href;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', TIME_IMPORT, url],
    { env: { ...environment, AWS_REGION: LOCAL_REGION } },
  );
  return Number(stdout);
}
