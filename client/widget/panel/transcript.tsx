import { fill } from '../texts/texts.ts';
import { RichText } from './rich-text.tsx';
import type { Bubble, Row } from './rows.ts';
import type { Words } from './words.ts';

export interface RowActions {
  retry(id: string): void;
  discard(id: string): void;
}

interface RowProps {
  readonly row: Row;
  readonly words: Words;
  readonly actions: RowActions;
}

export function RowView({ row, words, actions }: RowProps) {
  if (row.kind === 'bubble') return <BubbleView row={row} words={words} actions={actions} />;
  const text = row.kind === 'day' ? words.day(row.atMs) : words.notice(row.notice);
  return (
    <li key={row.key} class={row.kind} part={row.kind} dir="auto">
      {text}
    </li>
  );
}

function BubbleView({ row, words, actions }: RowProps & { readonly row: Bubble }) {
  const { texts } = words;
  return (
    <li
      key={row.key}
      class={`bubble ${row.own ? 'own' : ''} ${row.follows ? 'follows' : ''}`}
      part={row.own ? 'bubble own' : 'bubble'}
      data-state={row.state}
    >
      <p class={row.own ? 'author spoken' : row.follows ? 'author spoken' : 'author'} dir="auto">
        {words.author(row)}
      </p>
      <div class="body" dir="auto">
        <RichText text={row.body} />
        {row.files.map((name) => (
          <p class="file">{fill(texts.file, { name })}</p>
        ))}
        {row.isTruncated && <p class="file">{texts.truncated}</p>}
      </div>
      {(!row.isFollowed || row.state === 'failed' || row.own) && (
        <p class="meta">
          <time datetime={new Date(row.atMs).toISOString()}>{words.time(row.atMs)}</time>
          {row.state !== 'none' && <span class="state">{words.state(row)}</span>}
          {row.failedId && <FailedButtons id={row.failedId} words={words} actions={actions} />}
        </p>
      )}
    </li>
  );
}

interface FailedButtonsProps {
  readonly id: string;
  readonly words: Words;
  readonly actions: RowActions;
}

function FailedButtons({ id, words: { texts }, actions }: FailedButtonsProps) {
  return (
    <>
      <button type="button" class="quiet" onClick={() => actions.retry(id)}>
        {texts.retry}
      </button>
      <button type="button" class="quiet" onClick={() => actions.discard(id)}>
        {texts.discard}
      </button>
    </>
  );
}
