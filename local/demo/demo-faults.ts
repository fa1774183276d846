/** What the demo page can make go wrong, each by one button. */

interface DemoFault {
  /** A sentence without its full stop. */
  readonly label: string;
  /** As `PUT /faults` of the simulated Twilio takes it. */
  readonly plan: Readonly<Record<string, unknown>>;
}

const DEMO_FAULTS: Readonly<Record<string, DemoFault>> = {
  network: {
    label: "The customer's network is cut",
    plan: { connections: { cut: true } },
  },
  slow: { label: 'Twilio answers 3 seconds late', plan: { latencyMs: 3_000 } },
  refused: {
    label: 'Twilio answers the next 5 calls with 503',
    plan: { rest: { status: 503, count: 5 } },
  },
  unanswered: {
    label: 'Twilio carries the next 3 calls out and hangs up',
    plan: { restAfterCommit: { count: 3 } },
  },
  webhooks: {
    label: 'Every webhook comes twice, and up to 2 seconds late',
    plan: { webhook: { duplicate: 1, delayMs: [0, 2_000] } },
  },
  pushes: {
    label: 'The next 3 pushes to the customer are throttled',
    plan: { connections: { post: { answer: 'throttled', count: 3 } } },
  },
  shuffle: {
    label: 'API Gateway holds frames back for up to a second',
    plan: { connections: { messageDelayMs: [0, 1_000] } },
  },
  database: {
    label: 'DynamoDB throttles the next 5 calls',
    plan: { dynamodb: { count: 5, error: 'ThrottlingException' } },
  },
};

export interface ShownFault {
  readonly name: string;
  readonly label: string;
  readonly isOn: boolean;
}

/** The faults that are on: those that were asked for last. */
export class DemoFaults {
  readonly #twilioUrl: string;
  #on: readonly string[] = [];

  constructor(twilioUrl: string) {
    this.#twilioUrl = twilioUrl;
  }

  list(): readonly ShownFault[] {
    return Object.entries(DEMO_FAULTS).map(([name, { label }]) => ({
      name,
      label,
      isOn: this.#on.includes(name),
    }));
  }

  /**
   * Lets these go wrong and no others, each anew.
   * @param names a list from elsewhere.
   * @returns false for what is no list of known names; nothing changes then.
   * @throws Error when the simulated Twilio refuses.
   */
  async set(names: unknown): Promise<boolean> {
    if (!isListOfNames(names)) return false;
    const on = [...new Set(names)];
    const answered = await fetch(`${this.#twilioUrl}/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(planOf(on)),
    });
    if (!answered.ok) throw new Error(`PUT /faults: ${answered.status} ${await answered.text()}`);
    this.#on = on;
    return true;
  }
}

function isListOfNames(names: unknown): names is readonly string[] {
  return (
    Array.isArray(names) &&
    names.every((name) => typeof name === 'string' && Object.hasOwn(DEMO_FAULTS, name))
  );
}

/** Several faults may belong to one part of the plan. */
function planOf(names: readonly string[]): Record<string, unknown> {
  const plan: Record<string, unknown> = {};
  for (const name of names) {
    for (const [part, settings] of Object.entries(DEMO_FAULTS[name]?.plan ?? {})) {
      const earlier = plan[part];
      plan[part] =
        typeof earlier === 'object' && typeof settings === 'object'
          ? { ...earlier, ...settings }
          : settings;
    }
  }
  return plan;
}
