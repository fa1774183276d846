/** What a failure of others means for the person who runs a command. */
export interface Failure {
  readonly cause: string;
  /** What that person can do. */
  readonly cure?: string;
  /** It goes away by itself: the same call may succeed a little later. */
  readonly isPassing?: true;
}
