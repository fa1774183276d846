/** The agent's calls; the page server passes them on to the simulated Twilio. */

export interface Task {
  readonly sid: string;
  readonly status: 'pending' | 'accepted' | 'wrapping' | 'completed';
  readonly channelSid: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** As the plugin in Flex would show it. */
  readonly customerTyping: boolean;
}

export interface DeskMessage {
  readonly index: number;
  readonly sid: string;
  readonly author: string;
  readonly body: string | null;
  readonly dateCreated: string;
  /** The customer has read it, and it is the agent's last. */
  readonly isRead: boolean;
}

export const deskApi = {
  tasks: () => call<Task[]>('GET', ''),
  messages: (task: string) => call<DeskMessage[]>('GET', `/${task}/messages`),
  accept: (task: string, name: string) => call('POST', `/${task}/accept`, name ? { name } : {}),
  answer: (task: string, body: string) => call('POST', `/${task}/messages`, { body }),
  edit: (task: string, sid: string, body: string) => call('POST', `/${task}/edit`, { sid, body }),
  remove: (task: string, sid: string) => call('POST', `/${task}/remove`, { sid }),
  read: (task: string, index: number) => call('POST', `/${task}/read`, { index }),
  /** As the plugin in Flex tells it. */
  typing: (task: string) => call('POST', `/${task}/typing`, {}),
  leave: (task: string) => call('POST', `/${task}/leave`, {}),
  complete: (task: string) => call('POST', `/${task}/complete`, {}),
};

/** @throws Error when it is refused, with the reason. */
async function call<Answer = unknown>(
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(`/agent/tasks${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${reasonIn(text)}`);
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

/** The simulated Flex says `{"error":"…"}`; whoever stands before it says anything. */
function reasonIn(text: string): string {
  try {
    const { error } = JSON.parse(text);
    return typeof error === 'string' ? error : text;
  } catch {
    return text;
  }
}
