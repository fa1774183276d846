import type { Message } from '@aws-sdk/client-sqs';
import {
  type Call,
  defineCommand,
  EXIT,
  type ExitCode,
  type Options,
  UsageError,
} from '../command.ts';
import { type DeadLetter, toDeadLetter } from '../dead-letters/dead-letter.ts';
import { DeadLetterQueue } from '../dead-letters/dead-letter-queue.ts';
import { letterJson, letterTable } from '../dead-letters/describe.ts';
import { fromOutputs, OUTPUTS_OPTION } from '../stack-outputs.ts';
import {
  CONFIRM_OPTIONS,
  confirmed,
  locate,
  SESSION_OPTION,
  STAGE_OPTIONS,
  sessionIn,
} from '../stage.ts';

const OPTIONS = {
  ...STAGE_OPTIONS,
  ...OUTPUTS_OPTION,
  'queue-url': { type: 'string', value: 'url', about: 'the queue; default: ToFlexQueueUrl' },
  'dead-letter-queue-url': {
    type: 'string',
    value: 'url',
    about: 'default: DeadLetterQueueUrl',
  },
  session: { ...SESSION_OPTION.session, about: 'only the letters of this session' },
  replay: { type: 'boolean', about: 'put them back into the queue' },
  drop: { type: 'boolean', about: 'delete them for good' },
  force: { type: 'boolean', about: 'put back what is unreadable, too' },
  ...CONFIRM_OPTIONS,
} as const satisfies Options;

export const redriveCommand = defineCommand({
  name: 'redrive',
  summary: [
    'Shows the letters in the dead-letter queue, and puts them back or deletes them.',
    '',
    'Mend the cause first: what fails again comes back here.',
    '',
    'The customer was told "undeliverable" and may have sent the message again. That is no harm: the',
    'worker knows the last 20 messages of a session by their ids and looks for them in Flex before it',
    'posts. Behind more than 20 further ones it refuses the message. What is put back comes after',
    'what was sent since. A chat that has ended refuses it again, but a message that names no chat',
    'opens a new one. "end" ends the chat that the customer meant, if it is still open.',
    '',
    'A listing shows no body and changes nothing but the count of receives.',
  ].join('\n'),
  options: OPTIONS,
  again: 'Run it again within 5 minutes: no letter is lost, and none is delivered twice.',
  run,
});

type RedriveCall = Call<typeof OPTIONS>;

type Action = 'list' | 'replay' | 'drop';

interface Result {
  readonly done: readonly DeadLetter[];
  readonly left: readonly DeadLetter[];
}

async function run(call: RedriveCall): Promise<ExitCode> {
  const { values, terminal } = call;
  const { stage } = locate(call.values);
  const action = actionOf(values);
  sessionIn(values);
  const queue = new DeadLetterQueue(
    fromOutputs(values, stage, {
      'queue-url': 'ToFlexQueueUrl',
      'dead-letter-queue-url': 'DeadLetterQueueUrl',
    }),
  );
  const count = await queue.count();
  const result = await workThrough(call, queue, action, count);
  const { done, left } = result;
  if (values.json) terminal.printJson(toJson(stage, action, result));
  else terminal.print(...summary(call, action, result, count));
  if (left.length === 0) return EXIT.ok;
  const isTryOut = action !== 'list' && values['dry-run'] === true && done.length === 0;
  return isTryOut ? EXIT.ok : EXIT.failed;
}

function actionOf(values: RedriveCall['values']): Action {
  if (values.replay && values.drop) {
    throw new UsageError('Pass --replay or --drop, not both.');
  }
  if (values.force && !values.replay) {
    throw new UsageError('--force goes with --replay.');
  }
  if (values.replay) return 'replay';
  return values.drop ? 'drop' : 'list';
}

/**
 * Round by round, since the first letters of a session hide its later ones. Each round asks
 * for what it shows. Letters that fail again meanwhile do not keep it going for ever: it ends
 * after as many as there were.
 */
async function workThrough(
  call: RedriveCall,
  queue: DeadLetterQueue,
  action: Action,
  count: number,
): Promise<Result> {
  const { values, terminal } = call;
  const show = values.json ? terminal.progress : terminal.print;
  const done: DeadLetter[] = [];
  for (;;) {
    const letters = await list(queue, sessionIn(values));
    const chosen = action === 'list' ? [] : letters.filter((letter) => isAllowed(letter, call));
    const isNews = chosen.length > 0 || done.length === 0;
    if (letters.length > 0 && isNews) show(...letterTable(letters, Date.now()), '');
    const isWanted = chosen.length > 0 && (await confirmed(call, question(action, chosen.length)));
    if (!isWanted) return { done, left: letters };

    const handled = await handle(queue, action, chosen, terminal.progress);
    done.push(...handled);
    const left = letters.filter((letter) => !handled.includes(letter));
    if (handled.length === 0 || done.length >= count) return { done, left };
  }
}

async function list(queue: DeadLetterQueue, session: string | undefined): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  await queue.sweep(async (message) => {
    letters.push(toDeadLetter(message, Date.now()));
    return 'stays';
  });
  return letters.filter(({ sessionId }) => session === undefined || sessionId === session);
}

const isAllowed = ({ kind }: DeadLetter, { values }: RedriveCall): boolean =>
  kind !== 'unreadable' || values.drop === true || values.force === true;

const question = (action: Action, count: number): string =>
  action === 'drop'
    ? `Delete ${letters(count)} for good?`
    : `Put ${letters(count)} back into the queue?`;

const letters = (count: number): string => (count === 1 ? '1 letter' : `${count} letters`);

/** Only what was shown: letters that arrived since stay. */
async function handle(
  queue: DeadLetterQueue,
  action: Action,
  chosen: readonly DeadLetter[],
  progress: (line: string) => void,
): Promise<DeadLetter[]> {
  const byRecord = new Map(chosen.map((letter) => [letter.recordId, letter]));
  const handled: DeadLetter[] = [];
  await queue.sweep(async (message: Message) => {
    const letter = byRecord.get(message.MessageId ?? '');
    if (letter === undefined) return 'stays';
    await (action === 'drop' ? queue.delete(message) : queue.putBack(message));
    progress(
      `${DONE[action]}: ${letter.sessionId} ${letter.kind} ${letter.messageId ?? ''}`.trim(),
    );
    handled.push(letter);
    return 'gone';
  });
  return handled;
}

const DONE: Readonly<Record<Action, string>> = {
  list: 'Listed',
  replay: 'Put back',
  drop: 'Deleted',
};

function summary(
  call: RedriveCall,
  action: Action,
  { done, left }: Result,
  count: number,
): string[] {
  const { values } = call;
  const session = sessionIn(values);
  const hidden = session === undefined ? count - done.length - left.length : 0;
  const unreadable = left.filter((letter) => !isAllowed(letter, call)).length;
  const lines = [
    ...(done.length + left.length === 0 ? [`No letters${of(session)}.`] : []),
    ...(action === 'list' && left.length > 0 ? [`${letters(left.length)}.`] : []),
    ...(action === 'list' ? [] : [outcome(call, action, done.length, left.length)]),
    ...(action === 'replay' && unreadable > 0
      ? [`Unreadable: ${unreadable}; --force puts them back as they are, --drop deletes them.`]
      : []),
    ...(hidden > 0
      ? [`About ${hidden} more: behind the first ones of their session, or held by another run.`]
      : []),
  ];
  return lines.filter((line) => line !== '');
}

const of = (session: string | undefined): string =>
  session === undefined ? ' in the dead-letter queue' : ` of session ${session}`;

function outcome({ values }: RedriveCall, action: Action, done: number, left: number): string {
  if (done > 0) return `${DONE[action]}: ${letters(done)}.${left > 0 ? ` Left: ${left}.` : ''}`;
  if (left === 0) return '';
  return values['dry-run'] === true ? 'Dry run: nothing was changed.' : 'Nothing was changed.';
}

function toJson(stage: string, action: Action, { done, left }: Result): object {
  const nowMs = Date.now();
  const doneAs = action === 'drop' ? 'deleted' : 'put back';
  return {
    stage,
    letters: [
      ...done.map((letter) => ({ ...letterJson(letter, nowMs), outcome: doneAs })),
      ...left.map((letter) => ({ ...letterJson(letter, nowMs), outcome: 'left' })),
    ],
  };
}
