import type { Texts } from '../texts/texts.ts';
import type { Attention } from './attention.ts';
import { Composer } from './composer.tsx';
import type { Conversation } from './conversation.ts';
import type { FilesPart } from './files/files-part.tsx';
import type { PreChat } from './form/pre-chat.tsx';
import type { PreChatForm } from './form/pre-chat-form.ts';
import { Icon, type IconName } from './icon.tsx';
import type { Parts } from './parts.ts';
import type { Row } from './rows.ts';
import { RowView } from './transcript.tsx';
import type { Words } from './words.ts';

export interface PanelProps {
  readonly conversation: Conversation;
  readonly words: Words;
  readonly rows: readonly Row[];
  /** There is more before the first row. */
  readonly hasEarlier: boolean;
  /** So many messages have come below what the reader looks at. */
  readonly below: number;
  /** Only where the page asks something before the first message. */
  readonly form: FormPart | undefined;
  readonly parts: Parts;
  readonly files: FilesPart | undefined;
  readonly canQuickExit: boolean;
  readonly attention: Attention;
  readonly actions: PanelActions;
}

export interface FormPart {
  readonly form: PreChatForm;
  readonly PreChat: typeof PreChat;
}

export interface PanelActions {
  close(): void;
  quickExit(): void;
  showEarlier(): void;
  toEnd(): void;
  scrolled(): void;
  askToNotify(): void;
  checkForm(form: HTMLFormElement): void;
  send(text: string): boolean;
  answer(answers: Readonly<Record<string, string>>): void;
  /** @returns all that was said. */
  allRows(): Promise<readonly Row[]>;
}

export function PanelView(props: PanelProps) {
  return (
    <>
      <Header {...props} />
      {(props.rows.length > 0 || props.conversation.phase !== 'form') && <Transcript {...props} />}
      <Below {...props} />
    </>
  );
}

function Header({ actions, attention, canQuickExit, conversation, words }: PanelProps) {
  const { texts } = words;
  const { state, phase, isMuted } = conversation;
  return (
    <header part="header">
      <slot name="header">
        <h2>{texts.title}</h2>
      </slot>
      <p class="status" role="status" data-connection={state.connection.name}>
        {words.status(state)}
      </p>
      <div class="tools">
        {canQuickExit && (
          <button type="button" class="danger" onClick={actions.quickExit}>
            {texts.quickExit}
          </button>
        )}
        {phase === 'chat' && state.chat?.state === 'open' && (
          <button type="button" class="quiet end" onClick={() => conversation.askToEnd()}>
            {texts.end}
          </button>
        )}
        {attention.canAsk && !isMuted && state.chat?.state === 'open' && (
          <IconButton label={texts.notify} icon="notify" onClick={actions.askToNotify} />
        )}
        {attention.isOffered && (
          <IconButton
            label={isMuted ? texts.unmute : texts.mute}
            icon={isMuted ? 'muted' : 'sound'}
            onClick={() => {
              conversation.isMuted = !isMuted;
            }}
          />
        )}
        <IconButton label={texts.close} icon="close" onClick={actions.close} />
      </div>
    </header>
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly icon: IconName;
  onClick(): void;
}

function IconButton({ label, icon, onClick }: IconButtonProps) {
  return (
    <button type="button" class="icon" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

function Transcript(props: PanelProps) {
  const { actions, below, conversation, files, hasEarlier, parts, rows, words } = props;
  const { texts } = words;
  const tools = { words, parts, files, conversation };
  return (
    <div class="middle">
      <section
        class="log"
        part="log"
        tabindex="0"
        aria-label={texts.log}
        onScroll={actions.scrolled}
      >
        {hasEarlier && (
          <button type="button" class="quiet earlier" onClick={actions.showEarlier}>
            {texts.earlier}
          </button>
        )}
        {rows.length === 0 && (
          <div class="empty">
            <slot name="empty">{texts.empty}</slot>
          </div>
        )}
        <ol>
          {rows.map((row) => (
            <RowView key={row.key} row={row} tools={tools} />
          ))}
          {conversation.state.typing && (
            <li class="bubble" aria-hidden="true">
              <div class="body dots">●●●</div>
            </li>
          )}
        </ol>
        {conversation.isReplaced && <p class="notice">{texts.replaced}</p>}
      </section>
      {below > 0 && (
        <button type="button" class="newer" onClick={actions.toEnd}>
          {words.count(texts.newMessages, below)}
        </button>
      )}
    </div>
  );
}

/** What belongs to the phase: questions, the text box, the confirmation, what comes after the end. */
function Below({ actions, conversation, files, form, parts, words }: PanelProps) {
  const { texts } = words;
  switch (conversation.phase) {
    case 'loading':
    case 'closed':
      return null;
    case 'form':
      return (
        form && (
          <form.PreChat
            words={words}
            fields={form.form.fields(conversation.profile)}
            answers={form.form.answers}
            isChecked={form.form.isChecked}
            onAnswer={actions.answer}
            onDone={actions.checkForm}
          />
        )
      );
    case 'confirm-end':
      return <ConfirmEnd conversation={conversation} texts={texts} />;
    case 'over':
      return <Over actions={actions} conversation={conversation} parts={parts} words={words} />;
    case 'chat':
      return (
        <Composer
          words={words}
          files={files}
          draft={conversation.draft}
          problem={conversation.problem && texts.problem[conversation.problem]}
          onDraft={(text) => {
            conversation.draft = text;
          }}
          onSend={actions.send}
        />
      );
  }
}

function Over({
  actions,
  conversation,
  parts,
  words,
}: Pick<PanelProps, 'actions' | 'conversation' | 'parts' | 'words'>) {
  const chunk = parts.get('afterChat');
  return (
    <div class="over" part="over">
      {chunk && (
        <chunk.AfterChat
          words={words}
          isRated={conversation.isRated}
          onRate={(score, comment) => conversation.rate(score, comment)}
          rows={actions.allRows}
        />
      )}
      <button
        type="button"
        key="again"
        class="primary again"
        onClick={() => void conversation.startChat()}
      >
        {words.texts.again}
      </button>
    </div>
  );
}

function ConfirmEnd({ conversation, texts }: { conversation: Conversation; texts: Texts }) {
  return (
    <div class="confirm" role="alertdialog" aria-labelledby="end-title" aria-describedby="end-text">
      <h3 id="end-title">{texts.endTitle}</h3>
      <p id="end-text">{texts.endExplained}</p>
      <p class="row">
        <button type="button" class="keep" onClick={() => conversation.keepChat()}>
          {texts.keep}
        </button>
        <button type="button" class="danger" onClick={() => void conversation.endChat()}>
          {texts.end}
        </button>
      </p>
    </div>
  );
}
