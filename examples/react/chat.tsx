import type { FlexChatConfig, FlexChatElement } from 'flex-channel/widget';
import 'flex-channel/widget';
import { type Ref, useImperativeHandle, useRef } from 'react';

interface ChatProps {
  /** Keep it the same object from render to render: the element takes it once. */
  readonly config: FlexChatConfig;
  readonly onUnread?: (count: number) => void;
  readonly ref?: Ref<FlexChatElement>;
}

/** The widget as a component. React 19 sets `config` as a property, and `on…` as a listener. */
export function Chat({ config, onUnread, ref }: ChatProps) {
  const element = useRef<FlexChatElement>(null);
  useImperativeHandle(ref, () => element.current as FlexChatElement);
  return (
    <flex-chat
      ref={element}
      config={config}
      onflex-chat:unread={({ detail }: CustomEvent<number>) => onUnread?.(detail)}
    />
  );
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'flex-chat': {
        ref?: Ref<FlexChatElement>;
        config: FlexChatConfig;
        'onflex-chat:unread'?: (event: CustomEvent<number>) => void;
      };
    }
  }
}
