/** The agent's side, by the calls that docs/architecture.md lists. */

export interface AgentTask {
  readonly sid: string;
  readonly status: 'pending' | 'accepted' | 'wrapping' | 'completed';
  readonly channelSid: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** As the plugin shows it. */
  readonly customerTyping: boolean;
}

export interface DeskMessage {
  readonly index: number;
  readonly sid: string;
  readonly author: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Flex's user interface writes "Read" under it. */
  readonly isRead: boolean;
}

export interface TwilioRequest {
  readonly method: string;
  readonly url: string;
  readonly form: Readonly<Record<string, string | string[]>>;
  readonly webhookEnabled: boolean;
  readonly status: number;
}

export function createAgentDesk(twilioUrl: string) {
  async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${twilioUrl}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
  const tasks = () => call<AgentTask[]>('GET', '/agent/tasks');
  return {
    tasks,
    /** Waits for the task of a channel whose customer has this name. */
    async taskOf(customerName: string, count = 1): Promise<AgentTask> {
      return until(`task ${count} of ${customerName}`, async () => {
        const own = (await tasks()).filter((task) => task.attributes['name'] === customerName);
        return own[count - 1];
      });
    },
    accept: (task: string, name = 'Ada', publicIdentity?: string) =>
      call('POST', `/agent/tasks/${task}/accept`, { name, publicIdentity }),
    answer: (task: string, body: string) => call('POST', `/agent/tasks/${task}/messages`, { body }),
    templates: () =>
      call<readonly { readonly sid: string; readonly friendlyName: string }[]>(
        'GET',
        '/agent/templates',
      ),
    sendTemplate: (task: string, contentSid: string) =>
      call('POST', `/agent/tasks/${task}/messages`, { contentSid }),
    edit: (task: string, sid: string, body: string) =>
      call('POST', `/agent/tasks/${task}/edit`, { sid, body }),
    remove: (task: string, sid: string) => call('POST', `/agent/tasks/${task}/remove`, { sid }),
    messages: (task: string) => call<DeskMessage[]>('GET', `/agent/tasks/${task}/messages`),
    read: (task: string, index: number) => call('POST', `/agent/tasks/${task}/read`, { index }),
    /** The agent's token of Flex. */
    token: async (task: string) =>
      (await call<{ token: string }>('POST', `/agent/tasks/${task}/token`)).token,
    /** The plugin tells that the agent types. @returns what it was answered. */
    typing: async (task: string) =>
      (await call<{ status: number }>('POST', `/agent/tasks/${task}/typing`)).status,
    /** What leaves a chat without anybody, and Leave and Pause. */
    lose: (task: string, how: 'park' | 'leave' | 'timeout' | 'cancel' | 'delete') =>
      call('POST', `/agent/tasks/${task}/${how}`, {}),
    complete: (task: string) => call('POST', `/agent/tasks/${task}/complete`, {}),
    requests: () => call<TwilioRequest[]>('GET', '/agent/requests'),
    faults: (faults: object) => call('PUT', '/faults', faults),
  };
}

const PATIENCE_MS = 45_000;
/** Between two looks, at first and at last: those of many who wait are a load of their own. */
const PAUSES_MS = { first: 20, last: 150 };

/** Asks again and again until there is an answer, for 45 s at most: nothing is measured by it. */
export async function until<Value>(
  what: string,
  ask: () => Promise<Value | undefined | false>,
): Promise<Value> {
  const giveUpAtMs = Date.now() + PATIENCE_MS;
  for (let pauseMs = PAUSES_MS.first; ; pauseMs = Math.min(pauseMs * 1.3, PAUSES_MS.last)) {
    const value = await ask();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > giveUpAtMs) throw new Error(`no ${what} within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
