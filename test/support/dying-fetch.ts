/** The answer to the n-th call is lost, and with it the process: no call after it. */
export function dyingFetch(n: number): typeof globalThis.fetch {
  let calls = 0;
  return async (...request) => {
    calls += 1;
    if (calls > n) throw new Error('the process is gone');
    const response = await globalThis.fetch(...request);
    if (calls === n) throw new Error('the connection is gone');
    return response;
  };
}
