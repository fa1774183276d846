/** The chunk that draws what a message offers besides its text. It says no word of its own: all words are the message's. */
import type { Content, Message, TimelineItem } from '#client/sdk/index';
import type { Child } from '#client/widget/jsx/jsx-runtime';
import type { Conversation } from '../conversation.ts';
import { chosenIn, mapUrl, nameOfFile, safeUrl, telUrl } from './read-content.ts';

export { default as css } from './content.css';

interface ContentProps {
  readonly message: Message;
  readonly conversation: Conversation;
}

/** What choices of one message are drawn with. */
interface Choosing {
  /** Its id, once something is chosen. */
  readonly chosen: string | undefined;
  /** Whether one can still be chosen. */
  readonly isOpen: boolean;
  choose(id: string, title: string): void;
}

export function RichContent({ message, conversation }: ContentProps): Child {
  const { content } = message;
  if (!content) return null;
  const choosing = choosingIn(message, conversation);
  return (
    <fieldset class="content" part="content" aria-label={message.body}>
      {drawContent(content, message.body, choosing)}
    </fieldset>
  );
}

function choosingIn({ chat, index, sentAt }: Message, conversation: Conversation): Choosing {
  const { chat: current, timeline } = conversation.state;
  const chosen = chosenIn(timeline, { chat, index });
  // What is left of an earlier session may have the same place in another chat.
  const isCurrent = (item: TimelineItem) =>
    item.kind === 'message' && item.message.index === index && item.message.sentAt === sentAt;
  const isOpen =
    chosen === undefined &&
    conversation.phase === 'chat' &&
    current?.number === chat &&
    timeline.some(isCurrent);
  return {
    chosen,
    isOpen,
    choose: (id, title) => {
      if (isOpen) conversation.send(title, undefined, { chat, index, id });
    },
  };
}

function drawContent(content: Content, body: string, choosing: Choosing): Child {
  switch (content.type) {
    case 'quickReply':
    case 'callToAction':
      return <Actions actions={content.actions} choosing={choosing} />;
    case 'listPicker':
      return (
        <details>
          <summary>{content.button}</summary>
          <Items items={content.items} choosing={choosing} />
        </details>
      );
    case 'card':
      return (
        <div class="card">
          <Files urls={content.media} />
          {!body.includes(content.title) && <p class="title">{content.title}</p>}
          {content.subtitle && !body.includes(content.subtitle) && <p>{content.subtitle}</p>}
          <Actions actions={content.actions} choosing={choosing} />
        </div>
      );
    case 'media':
      return <Files urls={content.media} />;
    case 'location': {
      const { label, latitude, longitude } = content;
      return (
        <Link url={mapUrl(latitude, longitude)} title={label ?? `${latitude}, ${longitude}`} />
      );
    }
    default:
      // Of a newer server: the body says it.
      return null;
  }
}

type Action = NonNullable<Extract<Content, { type: 'card' }>['actions']>[number];

interface ActionsProps {
  readonly actions: readonly Action[] | undefined;
  readonly choosing: Choosing;
}

function Actions({ actions = [], choosing }: ActionsProps): Child {
  return (
    <div class="choices">
      {actions.map((action) => {
        switch (action.type) {
          case 'reply':
            return <ChoiceButton id={action.id} title={action.title} choosing={choosing} />;
          case 'url':
            return <Link url={action.url} title={action.title} />;
          case 'phone':
            return (
              <a class="link" href={telUrl(action.phone)}>
                {action.title}
              </a>
            );
          default:
            return null;
        }
      })}
    </div>
  );
}

interface ItemsProps {
  readonly items: Extract<Content, { type: 'listPicker' }>['items'];
  readonly choosing: Choosing;
}

function Items({ items, choosing }: ItemsProps): Child {
  return (
    <ul class="choices">
      {items.map(({ id, title, description }) => (
        <li>
          <ChoiceButton id={id} title={title} description={description} choosing={choosing} />
        </li>
      ))}
    </ul>
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly title: string;
  readonly description?: string | undefined;
  readonly choosing: Choosing;
}

/** It keeps the focus when it is used up, so it is never disabled as the browser does it. */
function ChoiceButton({ id, title, description, choosing }: ChoiceProps): Child {
  const { chosen, isOpen } = choosing;
  return (
    <button
      type="button"
      class="choice"
      aria-pressed={`${chosen === id}`}
      aria-disabled={isOpen ? undefined : 'true'}
      onClick={() => choosing.choose(id, title)}
    >
      {title}
      {description && <small>{description}</small>}
    </button>
  );
}

function Link({ url, title }: { readonly url: string; readonly title: Child }): Child {
  const href = safeUrl(url);
  if (href === undefined) return <span>{title}</span>;
  return (
    <a class="link" href={href} target="_blank" rel="noopener noreferrer nofollow">
      {title}
    </a>
  );
}

/** Pictures by themselves, anything else by its name. The host learns no page. */
function Files({ urls = [] }: { readonly urls?: readonly string[] | undefined }): Child {
  return urls.map((url) => {
    const name = nameOfFile(url);
    const isPicture = /\.(?:png|jpe?g|gif|webp|avif)$/i.test(name);
    const picture = isPicture && safeUrl(url) && (
      <img src={url} alt={name} loading="lazy" referrerpolicy="no-referrer" />
    );
    return <Link url={url} title={picture || name} />;
  });
}
