import { fill } from '../texts/texts.ts';
import type { BubblePart } from './bubble-parts.ts';
import type { Conversation } from './conversation.ts';
import type { FilesPart } from './files/files-part.tsx';
import type { Parts } from './parts.ts';
import type { Bubble, Row } from './rows.ts';
import type { Words } from './words.ts';

/** What drawing a row takes besides the row. */
export interface RowTools {
  readonly words: Words;
  readonly conversation: Conversation;
  readonly parts: Parts;
  /** Absent where the server has no files. */
  readonly files: FilesPart | undefined;
}

/**
 * One row of the log. A kind of row that few chats have is drawn by a chunk, as parts of bubbles
 * are: see `PartView`.
 */
export function RowView({ row, tools }: { readonly row: Row; readonly tools: RowTools }) {
  if (row.kind === 'bubble') return <BubbleView row={row} tools={tools} />;
  const { words } = tools;
  const text = row.kind === 'day' ? words.day(row.atMs) : words.notice(row.notice);
  return (
    <li key={row.key} class={row.kind} part={row.kind}>
      {text}
    </li>
  );
}

interface BubbleProps {
  readonly row: Bubble;
  readonly tools: RowTools;
}

function BubbleView({ row, tools }: BubbleProps) {
  const { words } = tools;
  const { texts } = words;
  return (
    <li
      key={row.key}
      class={`bubble ${row.own ? 'own' : ''} ${row.follows ? 'follows' : ''}`}
      part={row.own ? 'bubble own' : 'bubble'}
      data-state={row.state}
    >
      <p class={row.own || row.follows ? 'author spoken' : 'author'} dir="auto">
        {words.author(row)}
      </p>
      {!row.own && !row.isFollowed && (
        <span class="avatar" aria-hidden="true">
          {[...row.author][0]}
        </span>
      )}
      <div class="body" dir="auto">
        {row.parts.map((part) => (
          <PartView part={part} tools={tools} />
        ))}
        {row.isTruncated && <p class="file">{texts.truncated}</p>}
      </div>
      {row.hasMeta && (
        <p class="meta">
          <time datetime={new Date(row.atMs).toISOString()}>{words.time(row.atMs)}</time>
          {row.isEdited && <span class="edited">{texts.edited}</span>}
          {row.state !== 'none' && <span class="state">{words.state(row)}</span>}
          {row.failedId && <FailedButtons id={row.failedId} code={row.code} tools={tools} />}
        </p>
      )}
    </li>
  );
}

/**
 * One part of a bubble. Another kind is added in three places: a member of `BubblePart` with where
 * it comes from a message, the loader of its chunk in `parts.ts`, and its line here. As long as the
 * chunk is not there, and for kinds of a newer version, the part is its plain text.
 */
function PartView({ part, tools }: { readonly part: BubblePart; readonly tools: RowTools }) {
  switch (part.kind) {
    case 'markdown': {
      const chunk = tools.parts.get('markdown');
      if (chunk) return <chunk.RichText text={part.plain} />;
      break;
    }
    case 'upload':
      return tools.files?.upload(part.entry) ?? <p class="file">{part.plain}</p>;
    case 'file':
      if (tools.files) return tools.files.file(part.media, part.at);
      return <p class="file">{fill(tools.words.texts.file, { name: part.plain })}</p>;
    case 'content': {
      const chunk = tools.parts.get('content');
      return chunk && <chunk.RichContent {...tools} message={part.message} />;
    }
  }
  return <p class="plain">{part.plain}</p>;
}

interface FailedButtonsProps {
  readonly id: string;
  readonly code: Bubble['code'];
  readonly tools: RowTools;
}

function FailedButtons({ id, code, tools: { conversation, words } }: FailedButtonsProps) {
  const { texts } = words;
  const { client } = conversation;
  return (
    <>
      {code !== 'file_expired' && (
        <button type="button" class="quiet" onClick={() => client.retry(id)}>
          {texts.retry}
        </button>
      )}
      <button type="button" class="quiet" onClick={() => client.discard(id)}>
        {texts.discard}
      </button>
    </>
  );
}
