/** What the embedded database uses of dynalite 4.0.0, which has no types of its own. */

declare module 'dynalite/db/index.js' {
  export interface Store {
    readonly db: { close(): Promise<void> };
  }
  interface Options {
    /** How long a table stays in CREATING, in milliseconds. */
    readonly createTableMs: number;
    /** Directory of the data; in memory without it. */
    readonly path?: string;
  }
  const database: { create(options: Options): Store };
  export default database;
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  /** Both throw what has a status and a body. */
  const validations: {
    checkTypes(parameters: object, types: object): object;
    checkValidations(parameters: object, types: object, custom: unknown, store: Store): void;
  };
  export default validations;
}

declare module 'dynalite/validations/*.js' {
  const validation: { readonly types: object; readonly custom?: unknown };
  export default validation;
}

declare module 'dynalite/actions/*.js' {
  import type { Store } from 'dynalite/db/index.js';

  export default function action(
    store: Store,
    parameters: object,
    done: (error: unknown, answer?: object) => void,
  ): void;
}
