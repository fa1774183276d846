import { AbstractIterator, AbstractKeyIterator, AbstractValueIterator } from 'abstract-level';

interface Iterator {
  close(): Promise<void>;
  /** How dynalite ends a read. */
  return?(): Promise<void>;
}

/**
 * Lets dynalite close what it has read to the end. It calls `return` of an iterator, which those
 * of its store no longer have, and so leaves one open for each query: with it every version of
 * the items that the query saw, about 10 KB a message of a chat, or a snapshot of the files.
 * Source: `createValueStream` in `db/index.js` of dynalite 4.0.0.
 */
export function closeIteratorsAtTheirEnd(): void {
  for (const { prototype } of [AbstractIterator, AbstractKeyIterator, AbstractValueIterator]) {
    const iterator = prototype as Iterator;
    iterator.return ??= function end(this: Iterator) {
      return this.close();
    };
  }
}
