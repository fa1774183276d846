/** Runs `flex-channel` command lines on a configuration file of their own. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../admin/run.ts';
import { createTerminal } from '../../admin/terminal.ts';
import {
  ACCOUNT_SID,
  API_KEY,
  CHAT_SERVICE_SID,
  type Json,
  WORKFLOW_SID,
  WORKSPACE_SID,
} from './scripted-twilio.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly questions: readonly string[];
}

export interface CommandStage {
  readonly file: string;
  config(): Json;
  /** Runs a command line, to which the configuration and Twilio's address are added. */
  run(line: string, options?: RunOptions): Promise<Outcome>;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What the person answers; absent: nobody is there. */
  readonly answers?: readonly string[];
  readonly input?: string | Uint8Array;
}

export const WITH_KEY = { TWILIO_API_KEY: API_KEY.sid, TWILIO_API_SECRET: API_KEY.secret };

export const aConfig = (flex: Json = {}): Json => ({
  twilio: {
    accountSid: ACCOUNT_SID,
    chatServiceSid: CHAT_SERVICE_SID,
    workspaceSid: WORKSPACE_SID,
  },
  flex: {
    backEnd: 'conversations',
    routing: { type: 'task', workflowSid: WORKFLOW_SID },
    ...flex,
  },
  customers: { allowedOrigins: ['https://www.example.com'] },
});

/** @param config its file is written with two spaces, and named after the stage. */
export function commandStage(config: Json, twilioUrl: string, stage = 'qa'): CommandStage {
  const file = join(mkdtempSync(join(tmpdir(), 'admin-')), `${stage}.json`);
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  return {
    file,
    config: () => JSON.parse(readFileSync(file, 'utf8')),
    run: (line, options) =>
      runCommand(`${line} --stage ${stage} --config ${file} --twilio-url ${twilioUrl}`, options),
  };
}

export async function runCommand(line: string, options: RunOptions = {}): Promise<Outcome> {
  const { env = WITH_KEY, answers, input = '' } = options;
  const out: string[] = [];
  const err: string[] = [];
  const questions: string[] = [];
  const left = [...(answers ?? [])];
  const answer = async (question: string): Promise<string> => {
    questions.push(question);
    const next = left.shift();
    if (next === undefined) throw new Error(`nobody answers: ${question}`);
    return next;
  };
  const terminal = createTerminal({
    isInteractive: answers !== undefined,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    ask: answer,
    input: (async function* () {
      yield Buffer.from(input);
    })(),
  });
  const code = await run(line.split(' '), terminal, env);
  return { code, out: said(out), err: said(err), questions };
}

/** Without the end of the last line. */
const said = (texts: readonly string[]): string => texts.join('').replace(/\n$/, '');
