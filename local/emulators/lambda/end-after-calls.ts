import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** When an answer begins to arrive: for `node:http`, which AWS's clients use, and for `fetch`. */
const ANSWERED = ['http.client.response.finish', 'undici:request:headers'];

/**
 * Ends this thread at once when its nth call from now has been carried out, before the caller
 * learns of it. With 0 it ends here.
 * @returns counts no further.
 */
export function endAfterCalls(calls: number): () => void {
  if (calls === 0) process.exit(1);
  let left = calls;
  const countDown = () => {
    left -= 1;
    if (left === 0) process.exit(1);
  };
  for (const channel of ANSWERED) subscribe(channel, countDown);
  return () => {
    for (const channel of ANSWERED) unsubscribe(channel, countDown);
  };
}
