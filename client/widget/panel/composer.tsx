import { sends } from './enter-key.ts';
import type { FilesPart } from './files/files-part.tsx';
import { Icon } from './icon.tsx';
import type { Words } from './words.ts';

export interface ComposerProps {
  readonly words: Words;
  readonly draft: string;
  readonly problem: string | undefined;
  /** Absent where the server has no files. */
  readonly files: FilesPart | undefined;
  onDraft(text: string): void;
  /** @returns whether the text was taken; if not, it stays. */
  onSend(text: string): boolean;
}

/** A text box that is never locked. Enter sends, Shift+Enter begins a new line. */
export function Composer(props: ComposerProps) {
  const { draft, files, onDraft, onSend, problem } = props;
  const { texts } = props.words;
  const send = (box: HTMLTextAreaElement) => {
    const text = box.value.trim();
    if ((text === '' && !files?.tray.hasFiles) || !onSend(text)) return;
    box.value = '';
    onDraft('');
    grow(box);
  };
  return (
    <form
      class="composer"
      part="composer"
      onSubmit={(event) => {
        event.preventDefault();
        const box = event.currentTarget.querySelector('textarea');
        if (box) {
          send(box);
          box.focus();
        }
      }}
    >
      {problem && (
        <p id="problem" class="problem" role="alert">
          {problem}
        </p>
      )}
      {files?.list()}
      <div class="box">
        <textarea
          rows={1}
          dir="auto"
          aria-label={texts.message}
          aria-describedby={problem ? 'problem' : undefined}
          placeholder={texts.placeholder}
          enterkeyhint="send"
          value={draft}
          onInput={({ currentTarget }) => {
            onDraft(currentTarget.value);
            grow(currentTarget);
          }}
          onKeydown={(event) => {
            if (!sends(event)) return;
            event.preventDefault();
            send(event.currentTarget);
          }}
        />
        {files?.button()}
        <button
          class="primary"
          type="submit"
          part="send"
          aria-label={texts.send}
          title={texts.send}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}

/** As high as its text, up to what the style sheet allows. */
function grow(box: HTMLTextAreaElement): void {
  box.style.height = 'auto';
  box.style.height = `${box.scrollHeight}px`;
}
