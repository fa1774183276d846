import { parseMarkdown } from '#client/widget/panel/text/markdown';

const text = (value: string) => ({ kind: 'text', text: value });
const paragraph = (...children: unknown[]) => ({ kind: 'paragraph', children });
const link = (href: string, label = href) => ({ kind: 'link', href, text: label });

describe('what people write in chats', () => {
  test.each([
    ['plain', [paragraph(text('plain'))]],
    ['one\ntwo', [paragraph(text('one'), { kind: 'break' }, text('two'))]],
    ['one\r\n\r\ntwo', [paragraph(text('one')), paragraph(text('two'))]],
    ['a **b** c', [paragraph(text('a '), { kind: 'strong', children: [text('b')] }, text(' c'))]],
    [
      '*a* _b_',
      [
        paragraph({ kind: 'em', children: [text('a')] }, text(' '), {
          kind: 'em',
          children: [text('b')],
        }),
      ],
    ],
    ['`a*b*`', [paragraph({ kind: 'code', text: 'a*b*' })]],
    ['- a\n- b', [{ kind: 'list', ordered: false, items: [[text('a')], [text('b')]] }]],
    ['1. a\n2) b', [{ kind: 'list', ordered: true, items: [[text('a')], [text('b')]] }]],
    ['```\nx <y>\n```', [{ kind: 'code', text: 'x <y>' }]],
    [
      'see https://a.example/b?c=d.',
      [paragraph(text('see '), link('https://a.example/b?c=d'), text('.'))],
    ],
    ['[here](https://a.example/)', [paragraph(link('https://a.example/', 'here'))]],
    [
      'ask ann@a.example!',
      [paragraph(text('ask '), link('mailto:ann@a.example', 'ann@a.example'), text('!'))],
    ],
  ])('%j is shown with its meaning', (written, blocks) => {
    expect(parseMarkdown(written)).toEqual(blocks);
  });

  test.each([
    'snake_case_name',
    '2 * 3 * 4',
    '**open',
    '`open',
    '* * *',
    '<b>bold</b>',
    '<script>alert(1)</script>',
    '[x](javascript:alert(1))',
    '[x](data:text/html,hi)',
    '[x](JaVaScRiPt:alert(1))',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '```\nnever closed',
  ])('%j stays text', (written) => {
    const blocks = parseMarkdown(written);

    const kinds = JSON.stringify(blocks);
    expect(kinds).not.toMatch(/"kind":"(strong|em|code|link)"/);
  });

  test.each([
    ['stars', '*'.repeat(16_000)],
    ['openings', '**a '.repeat(4_000)],
    ['underscores', '_a'.repeat(8_000)],
    ['brackets', '['.repeat(16_000)],
    ['labels', '[a]('.repeat(4_000)],
    ['at signs', 'a@'.repeat(8_000)],
    ['one word', 'a'.repeat(16_000)],
    ['nesting', '*a **b '.repeat(2_000)],
    ['lines', '- \n'.repeat(5_000)],
    ['fences', '```\n'.repeat(3_999)],
  ])('16 KB of %s are read in little time', (_, written) => {
    const before = process.cpuUsage();

    parseMarkdown(written);

    // Microseconds of the processor. Quadratic time would take many seconds.
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });
});
