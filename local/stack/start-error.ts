/** The local stack cannot start, for a reason that its user can do something about. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
