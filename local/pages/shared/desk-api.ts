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

/** Rich content that an agent can send. */
export interface Template {
  readonly sid: string;
  readonly friendlyName: string;
}

export const deskApi = {
  tasks: () => call<Task[]>('GET', '/agent/tasks'),
  messages: (task: string) => call<DeskMessage[]>('GET', `/agent/tasks/${task}/messages`),
  accept: (task: string, name: string) =>
    call('POST', `/agent/tasks/${task}/accept`, name ? { name } : {}),
  templates: () => call<Template[]>('GET', '/agent/templates'),
  sendTemplate: (task: string, contentSid: string) =>
    call('POST', `/agent/tasks/${task}/messages`, { contentSid }),
  answer: (task: string, body: string) => call('POST', `/agent/tasks/${task}/messages`, { body }),
  edit: (task: string, sid: string, body: string) =>
    call('POST', `/agent/tasks/${task}/edit`, { sid, body }),
  remove: (task: string, sid: string) => call('POST', `/agent/tasks/${task}/remove`, { sid }),
  read: (task: string, index: number) => call('POST', `/agent/tasks/${task}/read`, { index }),
  /** As the plugin in Flex tells it. */
  typing: (task: string) => call('POST', `/agent/tasks/${task}/typing`, {}),
  leave: (task: string) => call('POST', `/agent/tasks/${task}/leave`, {}),
  complete: (task: string) => call('POST', `/agent/tasks/${task}/complete`, {}),
};

/** @throws Error when it is refused, with the reason. */
async function call<Answer = unknown>(
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(path, {
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
