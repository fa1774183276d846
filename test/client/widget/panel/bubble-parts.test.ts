import { partsOf, pendingParts } from '#client/widget/panel/bubble-parts';
import { parseMarkdown } from '#client/widget/panel/text/markdown';
import { aMessageEvent } from '#test/support/chat-events';

/** Whether nothing is lost when the text is drawn as it stands. */
const isPlain = (body: string): boolean =>
  parseMarkdown(body).every(
    (block) =>
      block.kind === 'paragraph' &&
      block.children.every(({ kind }) => kind === 'text' || kind === 'break'),
  );

describe('what a bubble holds', () => {
  test('is its text, then its files by name and place', () => {
    const [file] = [{ id: 'ME1', filename: 'a.pdf', contentType: 'application/pdf', size: 1 }];
    const message = { ...aMessageEvent({ body: 'hello\nyou' }), media: [file] };

    expect(partsOf(message)).toEqual([
      { kind: 'text', plain: 'hello\nyou' },
      { kind: 'file', plain: 'a.pdf', media: file, at: message },
    ]);
    expect(partsOf({ ...message, body: '' })).toMatchObject([{ kind: 'file', plain: 'a.pdf' }]);
  });

  test('is how far an upload is, while a file is on its way', () => {
    const file = { filename: 'a.pdf', contentType: 'application/pdf', size: 1 };
    const entry = { id: 'f1', order: 1, body: '', file, createdAtMs: 0, state: 'queued' } as const;

    expect(pendingParts(entry)).toEqual([{ kind: 'upload', plain: 'a.pdf', entry }]);
    expect(pendingParts({ ...entry, body: 'x', file: undefined } as never)).toMatchObject([
      { kind: 'text', plain: 'x' },
    ]);
  });

  test('is, after its text, what it offers besides', () => {
    const message = aMessageEvent({
      body: 'Sure?',
      content: { type: 'quickReply', actions: [{ type: 'reply', id: 'yes', title: 'Yes' }] },
    });

    expect(partsOf(message)).toEqual([
      { kind: 'text', plain: 'Sure?' },
      { kind: 'content', plain: '', message },
    ]);
  });

  test.each([
    ['*a*'],
    ['_a_'],
    ['`a`'],
    ['see https://a.example'],
    ['ada@a.example'],
    ['[a](tel:1)'],
    ['all:\n- one'],
    ['\t- one'],
    ['2) two'],
    ['• one'],
    ['```\na\n```'],
  ])('is Markdown where the text may be more than itself: %j', (body) => {
    expect(isPlain(body)).toBe(false);
    expect(partsOf(aMessageEvent({ body }))).toEqual([{ kind: 'markdown', plain: body }]);
  });

  test.each([
    ['hello'],
    ['one\n\ntwo - three'],
    ['it costs 3. No, 4) euros'],
    ['#1'],
    ['a-b'],
    ['https:'],
    ['<b>'],
  ])('is plain where it is not, and nothing is loaded for it: %j', (body) => {
    expect(isPlain(body)).toBe(true);
    expect(partsOf(aMessageEvent({ body }))).toEqual([{ kind: 'text', plain: body }]);
  });
});
