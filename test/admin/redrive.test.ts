import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeLetter } from '#adapters/aws/sqs-flex-mailbox';
import { clientMessageId, sessionId } from '#core/ids';
import type { AwsRequest, AwsService } from '#local/emulators/aws/aws-service';
import type { LocalQueue } from '#local/emulators/sqs/local-queue';
import { createQueues, type Queues } from '#local/emulators/sqs/queues';
import { type RunOptions, runCommand } from '#test/support/admin-command';
import { serveAws } from '#test/support/aws-endpoint';
import { useAwsEndpoint } from '#test/support/http-stub';
import {
  anAssembly,
  bodies,
  DEAD_ARN,
  QUEUE_ARN,
  queueResources,
  send,
} from '#test/support/queue-fixtures';

const HOST = 'https://sqs.us-east-1.amazonaws.com/000000000000';
const SECRET = 'my secret words';
const HOUR_MS = 60 * 60_000;

const outputs = join(mkdtempSync(join(tmpdir(), 'outputs-')), 'outputs.json');
writeFileSync(
  outputs,
  JSON.stringify({
    'prod-FlexChannelState': {
      ToFlexQueueUrl: `${HOST}/ToFlex.fifo`,
      DeadLetterQueueUrl: `${HOST}/DeadLetters.fifo`,
    },
    'qa-FlexChannelState': { ToFlexQueueUrl: `${HOST}/ToFlex.fifo` },
  }),
);
const REDRIVE = `redrive --stage prod --outputs ${outputs}`;

/** Waits pass quickly; how late it is, the test says. */
let nowMs = 0;
const clock = {
  now: () => nowMs,
  after(delayMs: number, run: () => void) {
    const timer = setTimeout(run, Math.min(delayMs, 20));
    return () => clearTimeout(timer);
  },
};

let queues: Queues;
let queue: LocalQueue;
let deadLetters: LocalQueue;
let endpoint: Awaited<ReturnType<typeof serveAws>>;
/** Actions in the order of the calls. */
let calls: string[];
/** Runs before an action; what it throws is the answer. */
let before: (action: string) => void;

beforeEach(async () => {
  nowMs = Date.now();
  calls = [];
  before = () => {};
  queues = createQueues(anAssembly(...queueResources()), { clock });
  queue = queues.byArn(QUEUE_ARN);
  deadLetters = queues.byArn(DEAD_ARN);
  endpoint = await serveAws(watched(queues.service));
  useAwsEndpoint(endpoint.client.endpoint);
});

afterEach(async () => {
  queues.close();
  await endpoint.close();
});

function watched(service: AwsService): AwsService {
  return {
    name: service.name,
    permissionFor: (request) => service.permissionFor(request),
    handle: async (request: AwsRequest) => {
      const action = request.headers['x-amz-target']?.split('.')[1] ?? '';
      calls.push(action);
      try {
        before(action);
      } catch (error) {
        const __type = (error as Error).message;
        return { status: 400, headers: {}, body: JSON.stringify({ __type, message: 'as told' }) };
      }
      return service.handle(request);
    },
  };
}

const redrive = (options = '', how: RunOptions = {}) =>
  runCommand(`${REDRIVE} ${options}`.trim(), how);

function aLetter(id: string, session = 'a', sentAtMs = nowMs): string {
  return encodeLetter({
    sessionId: sessionId(session),
    kind: 'message',
    id: clientMessageId(id),
    body: SECRET,
    acceptedAtMs: sentAtMs,
    chat: 1,
  });
}

/** Sets messages aside, in order. */
function deadLetter(session: string, ...ids: string[]): void {
  for (const id of ids) send(deadLetters, session, aLetter(id, session));
}

const idsIn = (from: LocalQueue): string[] =>
  bodies(from.waiting).map((body) => {
    const { sessionId: session, id } = JSON.parse(body);
    return `${session} ${id}`;
  });

describe('flex-channel redrive', () => {
  const aMessage = (fields: object) =>
    JSON.stringify({ ...JSON.parse(aLetter('m1', 'odd')), ...fields });

  const ODD_LETTERS = {
    'a time that no date holds': aMessage({ acceptedAtMs: 1e300 }),
    'a time before all time': aMessage({ acceptedAtMs: -1e300 }),
    'a time in the year 20000': aMessage({ acceptedAtMs: Date.UTC(20_000, 0) }),
    'an id that steers a terminal': aMessage({ id: '\u001b[2J\u0007\r\n\u202e' }),
    'an id of 100,000 characters': aMessage({ id: 'x'.repeat(100_000) }),
    'a chat that no number names': aMessage({ kind: 'end', chat: 1e308 }),
    'another version': aMessage({ v: 2 }),
    'another kind': aMessage({ kind: 'typing' }),
    'no fields': '{}',
    'a list': '[]',
    'no JSON': 'not JSON \t',
    'deep nesting': `${'{"attributes":'.repeat(60_000)}1${'}'.repeat(60_000)}`,
    'deep attributes': aMessage({}).replace(
      /}$/,
      `,"attributes":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
    ),
  };

  test.each(Object.entries(ODD_LETTERS))(
    'lists a letter with %s, and the others',
    async (_, body) => {
      send(deadLetters, 'odd', body);
      send(deadLetters, 'b', aLetter('m2', 'b'));

      const { out, err } = await redrive();
      const json = await redrive('--json');

      expect(err).toBe('');
      expect(out).toContain('2 letters.');
      expect(out.split('\n')).toHaveLength(5);
      expect(out).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
      expect(out.length).toBeLessThan(2_000);
      expect(out).not.toContain(SECRET);
      expect(JSON.parse(json.out).letters).toHaveLength(2);
    },
  );

  test.each(Object.entries(ODD_LETTERS))(
    'puts a letter with %s back as it is, or deletes it',
    async (_, body) => {
      send(deadLetters, 'odd', body);
      const replayed = await redrive('--replay --force --yes');
      send(deadLetters, 'odd', body);
      const dropped = await redrive('--drop --yes');

      expect(replayed).toMatchObject({ code: 0 });
      expect(dropped).toMatchObject({ code: 0 });
      expect(bodies(queue.waiting)).toEqual([body]);
      expect(bodies(deadLetters.waiting)).toEqual([]);
    },
  );

  test('shows when a letter was sent, of which session, kind and id, and how often it was received', async () => {
    send(deadLetters, 'a', aLetter('m1', 'a', nowMs - 2 * HOUR_MS - 1));
    send(deadLetters, 'b', encodeLetter({ sessionId: sessionId('b'), kind: 'end', chat: 1 }));

    const { code, out } = await redrive();

    expect(code).toBe(1);
    const sent = new Date(nowMs - 2 * HOUR_MS - 1).toISOString().slice(0, 19);
    expect(out).toContain(`  ${sent}Z  2 h    a        message  m1       1\n`);
    expect(out).toMatch(/0 min {2}b {8}end {6}- {8}1 {9}ends chat 1 if it is open/);
    expect(out).toContain('2 letters.');
  });

  test('shows the same as JSON, and never what anybody wrote', async () => {
    deadLetter('a', 'm1');
    const [record] = deadLetters.waiting;

    const { out, err } = await redrive('--json');

    expect(JSON.parse(out)).toEqual({
      stage: 'prod',
      letters: [
        {
          sessionId: 'a',
          kind: 'message',
          messageId: 'm1',
          recordId: record?.messageId,
          sentAt: new Date(nowMs).toISOString(),
          setAsideAt: new Date(nowMs).toISOString(),
          ageSeconds: expect.any(Number),
          receiveCount: 1,
          outcome: 'left',
        },
      ],
    });
    const shown = out + err + (await redrive()).out;
    expect(shown).not.toContain(SECRET);
  });

  test('leaves everything where it was after a listing, and to be had at once', async () => {
    deadLetter('a', 'm1', 'm2');
    deadLetter('b', 'm1');

    await redrive();

    expect(idsIn(deadLetters)).toEqual(['a m1', 'a m2', 'b m1']);
    expect(queue.waiting).toEqual([]);
  });

  test('lists letters of many sessions over several receives', async () => {
    for (let n = 0; n < 25; n += 1) deadLetter(`session-${n}`, 'm1', 'm2');

    const { out } = await redrive('--json');

    expect(JSON.parse(out).letters).toHaveLength(50);
  });

  test('says how many are hidden behind the first ones of their session', async () => {
    deadLetter('a', ...Array.from({ length: 13 }, (_, n) => `m${n}`));

    const { out } = await redrive();

    expect(out).toContain('10 letters.');
    expect(out).toContain('About 3 more');
  });

  test('ends with 0 when there is nothing', async () => {
    const { code, out } = await redrive();

    expect([code, out]).toEqual([0, 'No letters in the dead-letter queue.']);
  });

  test('marks a message of the day before, whose session may be gone', async () => {
    send(deadLetters, 'a', aLetter('m1', 'a', nowMs - 25 * HOUR_MS));
    send(deadLetters, 'b', aLetter('m2', 'b', nowMs - 23 * HOUR_MS));

    const { letters } = JSON.parse((await redrive('--json')).out);

    expect(letters).toMatchObject([{ note: expect.stringContaining('may open a chat') }, {}]);
    expect(letters[1].note).toBeUndefined();
  });
});

describe('flex-channel redrive --replay', () => {
  test('puts letters back as they were, in the order of each session, and empties the queue', async () => {
    deadLetter('a', 'm1', 'm2');
    deadLetter('b', 'm1');
    deadLetter('a', 'm3');
    const before = bodies(deadLetters.waiting);

    const { code, out } = await redrive('--replay --yes');

    expect(code).toBe(0);
    expect(out).toContain('Put back: 4 letters.');
    expect(bodies(queue.waiting).sort()).toEqual(before.sort());
    expect(idsIn(queue).filter((id) => id.startsWith('a'))).toEqual(['a m1', 'a m2', 'a m3']);
    expect(queue.waiting.every(({ body, groupId }) => JSON.parse(body).sessionId === groupId)).toBe(
      true,
    );
    expect(deadLetters.waiting).toEqual([]);
  });

  test('reaches the letters behind the first ten of a session, in order', async () => {
    const ids = Array.from({ length: 23 }, (_, n) => `m${n}`);
    deadLetter('a', ...ids);

    const { out } = await redrive('--replay --yes');

    expect(idsIn(queue)).toEqual(ids.map((id) => `a ${id}`));
    expect(out).toContain('Put back: 23 letters.');
  });

  test('deletes each letter after it was sent, not before', async () => {
    deadLetter('a', 'm1', 'm2');

    await redrive('--replay --yes');

    const done = calls.filter((call) => /^(Send|Delete)/.test(call));
    expect(done).toEqual(['SendMessage', 'DeleteMessage', 'SendMessage', 'DeleteMessage']);
  });

  test("stops at a letter that can't be sent, which stays first of its session", async () => {
    deadLetter('a', 'm1', 'm2', 'm3');
    let sends = 0;
    before = (action) => {
      if (action === 'SendMessage' && ++sends === 2) throw new Error('InvalidMessageContents');
    };

    const { code, err } = await redrive('--replay --yes');

    expect(code).toBe(1);
    expect(err).toContain('Put back: a message m1');
    expect(err).toContain('ToFlex.fifo: InvalidMessageContents: as told');
    expect(idsIn(queue)).toEqual(['a m1']);
    expect(idsIn(deadLetters)).toEqual(['a m2', 'a m3']);
  });

  test('sends once what was sent, but not deleted, a few minutes before', async () => {
    deadLetter('a', 'm1', 'm2');
    let isCutOff = false;
    before = (action) => {
      isCutOff ||= action === 'DeleteMessage';
      if (isCutOff) throw new Error('AccessDenied');
    };
    const broken = await redrive('--replay --yes');
    before = () => {};
    nowMs += 4 * 60_000;

    const { code } = await redrive('--replay --yes');

    expect(broken.code).toBe(1);
    expect(broken.err).toContain('Run this again within 5 minutes');
    expect(code).toBe(0);
    expect(idsIn(queue)).toEqual(['a m1', 'a m2']);
    expect(deadLetters.waiting).toEqual([]);
  });

  test('puts a letter back anew that has failed again', async () => {
    deadLetter('a', 'm1');
    await redrive('--replay --yes');
    const [failed] = queue.receive({ max: 1 });
    queue.delete(failed?.receiptHandle ?? '');
    deadLetters.accept(failed as NonNullable<typeof failed>);

    await redrive('--replay --yes');

    expect(idsIn(queue)).toEqual(['a m1']);
  });

  test('is limited to one session, and passes over the others', async () => {
    deadLetter('a', 'm1');
    deadLetter('b', ...Array.from({ length: 12 }, (_, n) => `m${n}`));
    deadLetter('c', 'm1');

    const { code, out } = await redrive('--replay --yes --session b');

    expect(code).toBe(0);
    expect(out).toContain('Put back: 12 letters.');
    expect(queue.waiting.map(({ groupId }) => groupId)).toEqual(Array(12).fill('b'));
    expect(idsIn(deadLetters)).toEqual(['a m1', 'c m1']);
  });

  test.each([
    ['--replay', ['n'], 1],
    ['--replay', [''], 1],
    ['--replay --dry-run', undefined, 0],
    ['--replay', undefined, 2],
    ['--drop', ['n'], 1],
    ['--drop --dry-run', undefined, 0],
    ['--drop', undefined, 2],
  ])('changes nothing with "%s" and the answers %j', async (line, answers, expected) => {
    deadLetter('a', 'm1', 'm2');

    const { code, out } = await redrive(line, answers && { answers });

    expect(code).toBe(expected);
    expect(out).toContain('m2');
    expect(idsIn(deadLetters)).toEqual(['a m1', 'a m2']);
    expect(queue.waiting).toEqual([]);
    expect(calls).not.toContain('SendMessage');
    expect(calls).not.toContain('DeleteMessage');
  });

  test('asks for each round of what could be seen', async () => {
    deadLetter('a', ...Array.from({ length: 13 }, (_, n) => `m${n}`));

    const { code, questions } = await redrive('--replay', { answers: ['y', 'n'] });

    expect(code).toBe(1);
    expect(questions).toEqual([
      'Put 10 letters back into the queue? [y/N] ',
      'Put 3 letters back into the queue? [y/N] ',
    ]);
    expect(queue.waiting).toHaveLength(10);
    expect(idsIn(deadLetters)).toEqual(['a m10', 'a m11', 'a m12']);
  });

  test('leaves alone what came after the question', async () => {
    deadLetter('a', 'm1');
    let receives = 0;
    before = (action) => {
      if (action === 'ReceiveMessage' && ++receives === 3) deadLetter('a', 'late');
    };

    const { out } = await redrive('--replay --yes');

    expect(out).toContain('Put back: 1 letter.');
    expect(idsIn(deadLetters)).toEqual(['a late']);
  });

  test('does not chase letters that fail again at once', async () => {
    deadLetter('a', 'm1', 'm2');
    let next = 3;
    before = (action) => {
      if (action === 'SendMessage') deadLetter('a', `m${next++}`);
    };

    const { code, out } = await redrive('--replay --yes');

    expect(code).toBe(0);
    expect(out).toContain('Put back: 2 letters.');
    expect(idsIn(deadLetters)).toEqual(['a m3', 'a m4']);
  });
});

describe("flex-channel redrive of what it can't read", () => {
  const UNREADABLE = [
    ['garbage', SECRET],
    ['another version', aLetterOfVersion(2)],
    ['an unknown kind', JSON.stringify({ v: 1, sessionId: 'a', kind: 'wave', body: SECRET })],
  ] as const;

  function aLetterOfVersion(version: number): string {
    return JSON.stringify({ v: version, sessionId: 'a', kind: 'message', id: 'm1', body: SECRET });
  }

  test.each(UNREADABLE)('shows %s as unreadable, and repeats none of it', async (_name, body) => {
    send(deadLetters, 'a', body);

    const { out, err } = await redrive();

    expect(out).toMatch(/ a +unreadable +- +1 +letter: /);
    expect(out + err).not.toContain(SECRET);
  });

  test.each(UNREADABLE)('leaves %s, and replays what is around it', async (_name, body) => {
    deadLetter('a', 'm1');
    send(deadLetters, 'a', body);
    deadLetter('a', 'm2');

    const { code, out } = await redrive('--replay --yes');

    expect(code).toBe(1);
    expect(out).toContain('Put back: 2 letters. Left: 1.');
    expect(out).toContain('Unreadable: 1; --force');
    expect(idsIn(queue)).toEqual(['a m1', 'a m2']);
    expect(bodies(deadLetters.waiting)).toEqual([body]);
  });

  test('does not ask when all is unreadable', async () => {
    send(deadLetters, 'a', SECRET);

    const { code, out, questions } = await redrive('--replay', { answers: ['y'] });

    expect([code, questions]).toEqual([1, []]);
    expect(out).toContain('Nothing was changed.');
    expect(bodies(deadLetters.waiting)).toEqual([SECRET]);
  });

  test('replays it as it is when forced', async () => {
    send(deadLetters, 'a', SECRET);

    const { code } = await redrive('--replay --force --yes');

    expect(code).toBe(0);
    expect(bodies(queue.waiting)).toEqual([SECRET]);
  });

  test('deletes it like any other', async () => {
    send(deadLetters, 'a', SECRET);

    const { code } = await redrive('--drop --yes');

    expect(code).toBe(0);
    expect(deadLetters.waiting).toEqual([]);
  });
});

describe('flex-channel redrive --drop', () => {
  test('deletes the letters of a session, and sends none', async () => {
    deadLetter('a', 'm1', 'm2');
    deadLetter('b', 'm1');

    const { code, out, err } = await redrive('--drop --session a', { answers: ['yes'] });

    expect(code).toBe(0);
    expect(out).toContain('Deleted: 2 letters.');
    expect(err).toContain('Deleted: a message m2');
    expect(idsIn(deadLetters)).toEqual(['b m1']);
    expect(queue.waiting).toEqual([]);
  });

  test('tells what became of each letter as JSON', async () => {
    deadLetter('a', 'm1');

    const { out } = await redrive('--drop --yes --json');

    expect(JSON.parse(out).letters).toMatchObject([{ messageId: 'm1', outcome: 'deleted' }]);
  });
});

describe("flex-channel redrive, when it can't work", () => {
  test.each([
    ['redrive --stage prod', 'Pass --outputs <file>, or --queue-url and --dead-letter-queue-url.'],
    [
      `redrive --stage qa --outputs ${outputs}`,
      'has no DeadLetterQueueUrl of stage qa. Deploy it, or pass --dead-letter-queue-url.',
    ],
    ['redrive --stage prod --outputs missing.json', 'missing.json does not exist'],
    [`redrive --outputs ${outputs}`, 'Pass --stage <name>'],
    [`${REDRIVE} --replay --drop`, 'Pass --replay or --drop, not both.'],
    [`${REDRIVE} --force`, '--force goes with --replay.'],
    [`${REDRIVE} --drop --force --yes`, '--force goes with --replay.'],
  ])('ends "%s" as a wrong command line', async (line, message) => {
    deadLetter('a', 'm1');

    const { code, err } = await runCommand(line);

    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(calls).toEqual([]);
  });

  test('takes the queues from the command line as well', async () => {
    deadLetter('a', 'm1');
    const urls = `--queue-url ${HOST}/ToFlex.fifo --dead-letter-queue-url ${HOST}/DeadLetters.fifo`;

    const { out } = await runCommand(`redrive --stage prod ${urls}`);

    expect(out).toContain('1 letter.');
  });

  test.each([
    ['the queues exchanged', 'DeadLetters.fifo', 'ToFlex.fifo'],
    ['one queue for both', 'ToFlex.fifo', 'ToFlex.fifo'],
    ['the dead-letter queue for both', 'DeadLetters.fifo', 'DeadLetters.fifo'],
  ])('receives nothing with %s', async (_name, source, dead) => {
    send(queue, 'a', aLetter('live'));
    deadLetter('a', 'm1');

    const { code, err } = await runCommand(
      `redrive --stage prod --drop --yes --queue-url ${HOST}/${source} --dead-letter-queue-url ${HOST}/${dead}`,
    );

    expect(code).toBe(1);
    expect(err).toContain(`${dead} is not the dead-letter queue of ${HOST}/${source}`);
    expect(new Set(calls)).toEqual(new Set(['GetQueueAttributes']));
  });

  test('names a queue that does not exist', async () => {
    const { code, err } = await redrive(`--queue-url ${HOST}/Other.fifo`);

    expect(code).toBe(1);
    expect(err).toContain(`${HOST}/Other.fifo: it does not exist; check that stage`);
  });

  test.each([
    ['ExpiredToken', 'AWS does not take the credentials'],
    ['InvalidClientTokenId', 'AWS does not take the credentials'],
    ['AccessDenied', 'AccessDenied: as told'],
  ])('tells the cure when AWS answers %s', async (type, message) => {
    before = () => {
      throw new Error(type);
    };

    const { code, err } = await redrive();

    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  describe('without', () => {
    const given = { ...process.env };
    afterEach(() => {
      process.env = { ...given };
    });

    test('credentials, says where they come from', async () => {
      delete process.env['AWS_ACCESS_KEY_ID'];
      process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
      process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nowhere/credentials';
      process.env['AWS_CONFIG_FILE'] = '/nowhere/config';

      const { code, err } = await redrive();

      expect(code).toBe(1);
      expect(err).toContain('; set AWS_PROFILE, or AWS_ACCESS_KEY_ID');
    });

    test('a region, says so', async () => {
      delete process.env['AWS_REGION'];
      process.env['AWS_CONFIG_FILE'] = '/nowhere/config';

      const { code, err } = await redrive();

      expect(code).toBe(1);
      expect(err).toContain('there is no AWS region; set AWS_REGION');
    });
  });
});
