import type { FlexChatConfig, FlexChatElement } from 'flex-channel/widget';
import { useRef, useState } from 'react';
import { Chat } from './chat.tsx';

const CONFIG: FlexChatConfig = { url: 'wss://YOUR-CHAT/live' };

export function App() {
  const chat = useRef<FlexChatElement>(null);
  const [unread, setUnread] = useState(0);
  return (
    <>
      <h1>A React page</h1>
      <p>
        <button type="button" onClick={() => void chat.current?.open()}>
          Ask us about this page
        </button>
      </p>
      <p>
        Unread answers: <output>{unread}</output>
      </p>
      <Chat ref={chat} config={CONFIG} onUnread={setUnread} />
    </>
  );
}
