declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** How long a table stays in CREATING, in milliseconds. */
    readonly createTableMs?: number;
    /** Directory of the data; in memory without it. */
    readonly path?: string;
  }

  /** Closing the server closes its data, too. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
