import database, { type Store } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { closeIteratorsAtTheirEnd } from './close-iterators.ts';
import { DATABASE_ACTIONS, type DatabaseAction } from './database-actions.ts';

/** An item in DynamoDB's JSON. */
export type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/** A call that DynamoDB refuses, in the words of its protocol. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  /** Without its namespace: `ResourceInUseException`. */
  readonly code: string;

  constructor(action: string, answer: { readonly __type?: string; readonly message?: string }) {
    const code = String(answer.__type).replace(/^.*#/, '');
    super(`${action}: ${code} ${answer.message ?? ''}`);
    this.code = code;
  }
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/**
 * dynalite in this process. Its own server is not used: it takes any signature, answers pages of
 * any origin, and ends the process when a read is cut off by the end of the store.
 */
export class EmbeddedDatabase {
  readonly #store: Store;
  /** Calls under way. */
  readonly #calls = new Set<Promise<Answer>>();
  #isClosing = false;

  /** @param path directory that keeps the data; without it the data ends with the process. */
  constructor(path?: string) {
    closeIteratorsAtTheirEnd();
    this.#store = database.create({ createTableMs: 0, ...(path !== undefined && { path }) });
  }

  /**
   * Answers a call as it came.
   * @throws Error when the store fails or closes: no answer of DynamoDB's.
   */
  async answer(action: DatabaseAction, parameters: object): Promise<Answer> {
    if (this.#isClosing) throw new Error(`${action}: the table is closed`);
    const call = run(this.#store, action, parameters).catch(refusalOf);
    this.#calls.add(call);
    try {
      return await call;
    } finally {
      this.#calls.delete(call);
    }
  }

  /**
   * Makes a call of our own.
   * @throws DatabaseError when it is refused.
   */
  async call(action: DatabaseAction, parameters: object): Promise<Record<string, unknown>> {
    const { status, body } = await this.answer(action, structuredClone(parameters));
    if (status !== 200) throw new DatabaseError(action, body);
    return body as Record<string, unknown>;
  }

  /** Every item of a table, page by page. */
  async *items(tableName: string): AsyncGenerator<Item> {
    let start: unknown;
    do {
      const page = await this.call('Scan', {
        TableName: tableName,
        ...(start !== undefined && { ExclusiveStartKey: start }),
      });
      yield* page['Items'] as Item[];
      start = page['LastEvaluatedKey'];
    } while (start !== undefined);
  }

  /** Takes no further call, lets those under way end, and only then closes what they read from. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.allSettled(this.#calls);
    await this.#store.db.close();
  }
}

async function run(store: Store, action: DatabaseAction, given: object): Promise<Answer> {
  const { run: perform, rules } = DATABASE_ACTIONS[action];
  const parameters = validations.checkTypes(given, rules.types);
  validations.checkValidations(parameters, rules.types, rules.custom, store);
  const body = await new Promise<object>((resolve, reject) => {
    perform(store, parameters, (error, answer = {}) => (error ? reject(error) : resolve(answer)));
  });
  return { status: 200, body };
}

/** @throws what is no refusal. */
function refusalOf(error: unknown): Answer {
  const { statusCode, body } = error as { readonly statusCode?: number; readonly body?: object };
  if (statusCode === undefined || body === undefined) throw error;
  return { status: statusCode, body };
}
