/** @param url or the name itself. */
export function queueNameIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
