/** docs/client-api.md: every exported name with what its doc comment says. */
import { parseDocComment } from './doc-comment.ts';
import type { ApiItem } from './read-api.ts';

const KINDS = ['Class', 'Function', 'Interface', 'TypeAlias'];

/** Called by browsers and by the package's own entries. */
const NOT_FOR_PAGES = /^(connected|disconnected)Callback$|^loadPanel$/;

const HEAD = `# What a page may call

Generated from the doc comments by \`npm run client-api\`. How to put the widget on a page: [embedding.md](embedding.md); what the
client promises: [client.md](client.md).
`;

/** @throws Error that lists the exported names without a doc comment. */
export function apiMarkdown(items: readonly ApiItem[]): string {
  const silent = items.filter(({ docComment }) => parseDocComment(docComment).text === '');
  if (silent.length > 0) {
    const names = silent.map(({ name }) => name).join(', ');
    throw new Error(`Exported without a doc comment: ${names}`);
  }
  const isWidget = ({ fileUrlPath = '' }: ApiItem) => fileUrlPath.includes('client/widget/');
  return [
    HEAD,
    section('The widget: `flex-channel/widget`', items.filter(isWidget)),
    section(
      'The client: `flex-channel/client`',
      items.filter((item) => !isWidget(item)),
    ),
  ].join('\n');
}

function section(title: string, items: readonly ApiItem[]): string {
  const sorted = KINDS.flatMap((kind) => items.filter((item) => item.kind === kind));
  return [`## ${title}\n`, ...sorted.map(topic)].join('\n');
}

function topic(item: ApiItem): string {
  const members = (item.members ?? []).filter(({ name = '' }) => !NOT_FOR_PAGES.test(name));
  const isCall = ({ kind }: ApiItem) => kind === 'Method' || kind === 'MethodSignature';
  const calls = item.kind === 'Class' ? members.filter(isCall) : [];
  const rows = members.filter((member) => !calls.includes(member) && member.kind !== 'Constructor');
  return [
    `### ${item.name}\n`,
    ...prose(item),
    ...(item.kind === 'Function' || item.kind === 'TypeAlias' ? [code(signature(item))] : []),
    ...(rows.length > 0 ? [table(rows)] : []),
    ...calls.map((call) =>
      [`#### ${item.name}.${call.name}\n`, code(signature(call)), ...prose(call)].join('\n'),
    ),
  ].join('\n');
}

function prose(item: ApiItem): string[] {
  const { text, params, returns, throws, examples } = parseDocComment(item.docComment);
  const facts = [
    ...params.map((param) => `* ${param.replace(/^(\w+)( -)?/, '`$1`:')}`),
    ...(returns ? [`* Returns ${returns}`] : []),
    ...(throws ? [`* Throws ${throws}`] : []),
  ];
  return [
    ...(text ? [`${text}\n`] : []),
    ...(facts.length > 0 ? [`${facts.map(oneLine).join('\n')}\n`] : []),
    ...examples.map((each) =>
      each.startsWith('```') ? `${each}\n` : `\`\`\`js\n${each}\n\`\`\`\n`,
    ),
  ];
}

function table(rows: readonly ApiItem[]): string {
  const lines = rows.map((row) => {
    const { text, examples } = parseDocComment(row.docComment);
    const example = examples.map((each) => `Example: \`${oneLine(each.replace(/```\w*/g, ''))}\``);
    return `| \`${row.name}${row.isOptional ? '?' : ''}\` | \`${cell(typeOf(row))}\` | ${cell([text, ...example].join(' '))} |`;
  });
  return ['| member | type | meaning |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

const signature = ({ excerptTokens }: ApiItem): string =>
  excerptTokens
    .map(({ text }) => text)
    .join('')
    .replace(/^export declare /, '');

/** Without the name, and without what every member of these types is. */
const typeOf = (item: ApiItem): string =>
  signature(item)
    .replace(/^(readonly |get |static )*/, '')
    .replace(new RegExp(`^${item.name}\\??(\\(\\))?:? ?`), '')
    .replace(/;( set .*)?$/, '');

const code = (text: string): string => `\`\`\`ts\n${text}\n\`\`\`\n`;

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim();

const cell = (text: string): string => oneLine(text).replace(/\|/g, '\\|');
