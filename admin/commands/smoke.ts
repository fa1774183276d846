import {
  type Call,
  defineCommand,
  EXIT,
  type ExitCode,
  type Options,
  UsageError,
} from '../command.ts';
import { HOP_NOTES, HOPS } from '../smoke/hops.ts';
import { type Played, playConversation } from '../smoke/play.ts';
import { fromOutputs } from '../stack-outputs.ts';
import { readSetup, TWILIO_OPTIONS } from '../stage.ts';
import { formatTable } from '../table.ts';
import { chatChannels } from '../twilio/chat-channels.ts';
import { chatTasks } from '../twilio/chat-tasks.ts';

const DEFAULT_TIMEOUT_S = 30;
const LONGEST_TIMEOUT_S = 600;

const OPTIONS = {
  ...TWILIO_OPTIONS,
  'socket-url': { type: 'string', value: 'address', about: 'default: CustomerSocketUrl' },
  timeout: {
    type: 'string',
    value: 'seconds',
    about: `how long each hop may take; default: ${DEFAULT_TIMEOUT_S}`,
  },
} as const satisfies Options;

export const smokeCommand = defineCommand({
  name: 'smoke',
  summary: [
    'Plays a conversation through the deployed stack and Flex, and names the hop that fails.',
    '',
    "A customer connects and writes; the message has to be in Twilio's transcript, come back as the echo",
    'and have a task; what is written in Flex has to reach the customer, and the chat to end.',
    '',
    'The task is a real one: give the workflow a filter pre_engagement_data.smoke == "true" to a queue without agents,',
    'or an agent may be offered the chat for some seconds. Afterwards the conversation and its user are removed from',
    'Twilio. What the table holds of it expires by itself, the last after 30 days; no words are in it.',
  ].join('\n'),
  options: OPTIONS,
  again: 'Run it again: each run is a conversation of its own.',
  run,
});

async function run(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { values, terminal } = call;
  const timeoutMs = readTimeout(values.timeout) * 1_000;
  const setup = await readSetup(call);
  const { config, stage, twilio } = setup;
  const from = fromOutputs(values, stage, { 'socket-url': 'CustomerSocketUrl' });
  const awaitsTask = config.flex.routing.type === 'task';
  const played = await playConversation({
    socketUrl: from['socket-url'],
    origin: config.customers.allowedOrigins[0],
    channels: chatChannels(twilio, config),
    tasks: chatTasks(twilio, config),
    awaitsTask,
    timeoutMs: () => timeoutMs,
    onPassed: ({ hop, tookMs }) => terminal.progress(`Passed: ${hop}, ${tookMs} ms`),
  });
  if (values.json) terminal.printJson({ stage, ...toJson(played) });
  else terminal.print(...describe(played, awaitsTask));
  return played.failed === undefined && played.left.length === 0 ? EXIT.ok : EXIT.failed;
}

function readTimeout(given = String(DEFAULT_TIMEOUT_S)): number {
  const seconds = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (seconds >= 1 && seconds <= LONGEST_TIMEOUT_S) return seconds;
  throw new UsageError(`--timeout: expected whole seconds from 1 to ${LONGEST_TIMEOUT_S}.`);
}

function toJson({ passed, failed, left }: Played) {
  return {
    isWell: failed === undefined,
    hops: passed,
    ...(failed && { failed: { ...failed, ...HOP_NOTES[failed.hop] } }),
    left,
  };
}

function describe({ passed, failed, left }: Played, awaitsTask: boolean): string[] {
  const rows = HOPS.map((hop) => {
    const took = passed.find((each) => each.hop === hop)?.tookMs;
    const isSkipped = hop === 'task' && !awaitsTask;
    const result = hop === failed?.hop ? 'FAILED' : isSkipped ? 'left to the flow' : '-';
    return [hop, took === undefined ? result : `${took} ms`, HOP_NOTES[hop].about];
  });
  return [
    ...formatTable(['hop', 'took', 'what it proves'], rows),
    '',
    ...left.map((each) => `Left in Twilio: ${each}`),
    failed === undefined
      ? 'The conversation went through.'
      : `Failed at "${failed.hop}": ${failed.reason}. Cure: ${HOP_NOTES[failed.hop].look}`,
  ];
}
