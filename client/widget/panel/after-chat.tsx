import type { Words } from './words.ts';

export interface AfterChatProps {
  readonly words: Words;
  readonly isRated: boolean;
  onRate(score: number, comment: string): void;
  onSave(kind: 'text' | 'html'): void;
  onAgain(): void;
}

const SCORES = [1, 2, 3, 4, 5];

/** What there is to do once a chat has ended: rate it, keep it, begin another one. */
export function AfterChat({ words, isRated, onRate, onSave, onAgain }: AfterChatProps) {
  const { texts } = words;
  return (
    <div class="over" part="over">
      {isRated ? (
        <p role="status">{texts.thanks}</p>
      ) : (
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
              <label class="star">
                <input type="radio" name="score" value={score} required />
                <span aria-hidden="true">{score} ★</span>
                <span class="spoken">{words.count(texts.stars, score)}</span>
              </label>
            ))}
          </fieldset>
          <label class="comment">
            {texts.comment}
            <input name="comment" dir="auto" maxlength={1000} autocomplete="off" />
          </label>
          <button type="submit">{texts.sendRating}</button>
        </form>
      )}
      <p class="row">
        <button type="button" class="quiet" onClick={() => onSave('text')}>
          {texts.saveText}
        </button>
        <button type="button" class="quiet" onClick={() => onSave('html')}>
          {texts.saveHtml}
        </button>
      </p>
      <button type="button" class="primary again" onClick={onAgain}>
        {texts.again}
      </button>
    </div>
  );
}
