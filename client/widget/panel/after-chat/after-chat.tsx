/** The chunk for what there is to do once a chat has ended: rate it, keep it. */
import type { Row } from '../rows.ts';
import type { Words } from '../words.ts';
import { transcriptHtml, transcriptText } from './transcript-file.ts';

export { default as css } from './after-chat.css';

export interface AfterChatProps {
  readonly words: Words;
  readonly isRated: boolean;
  onRate(score: number, comment: string): void;
  /** @returns all that was said. */
  rows(): Promise<readonly Row[]>;
}

export function AfterChat({ words, isRated, onRate, rows }: AfterChatProps) {
  const { texts } = words;
  return (
    <>
      {isRated ? <p role="status">{texts.thanks}</p> : <RatingForm words={words} onRate={onRate} />}
      <p class="row">
        <button type="button" class="quiet" onClick={async () => save('text', await rows(), words)}>
          {texts.saveText}
        </button>
        <button type="button" class="quiet" onClick={async () => save('html', await rows(), words)}>
          {texts.saveHtml}
        </button>
      </p>
    </>
  );
}

const SCORES = [1, 2, 3, 4, 5];

function RatingForm({ words, onRate }: Pick<AfterChatProps, 'words' | 'onRate'>) {
  const { texts } = words;
  return (
    <form
      class="rating"
      onSubmit={(event) => {
        event.preventDefault();
        const answers = new FormData(event.currentTarget);
        const score = Number(answers.get('score'));
        if (score > 0) onRate(score, `${answers.get('comment') ?? ''}`);
      }}
    >
      <fieldset>
        <legend>{texts.rate}</legend>
        {SCORES.map((score) => (
          <>
            <input
              type="radio"
              name="score"
              id={`score-${score}`}
              value={score}
              required
              onInput={({ currentTarget }) =>
                currentTarget.closest('fieldset')?.setAttribute('data-score', `${score}`)
              }
            />
            <label class="star" for={`score-${score}`}>
              <span aria-hidden="true">★</span>
              <span class="spoken">{words.count(texts.stars, score)}</span>
            </label>
          </>
        ))}
      </fieldset>
      <label class="comment">
        {texts.comment}
        <input name="comment" dir="auto" maxlength={1000} autocomplete="off" />
      </label>
      <button type="submit">{texts.sendRating}</button>
    </form>
  );
}

function save(kind: 'text' | 'html', rows: readonly Row[], { locale, texts }: Words): void {
  const words = { title: texts.title, you: texts.you, locale };
  const content = kind === 'text' ? transcriptText(rows, words) : transcriptHtml(rows, words);
  const type = kind === 'text' ? 'text/plain' : 'text/html';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  link.download = `chat.${kind === 'text' ? 'txt' : 'html'}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
