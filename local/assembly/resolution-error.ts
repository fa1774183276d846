/** A reference in a template that cannot be followed. The innermost function and place are the ones to name. */
export class ResolutionError extends Error {
  override readonly name = 'ResolutionError';
  readonly function?: string;
  readonly place?: string;

  private constructor(problem: string, at: { function?: string; place?: string }, cause: unknown) {
    const where = [at.place, at.function].filter((part) => part !== undefined).join(', ');
    super(`${where}: ${problem}`, { cause });
    Object.assign(this, at);
    this.#problem = problem;
  }

  readonly #problem: string;

  /** @returns the error with its function or place (`Stack/LogicalId`) added, unless it has one. */
  static at(kind: 'function' | 'place', name: string, error: unknown): ResolutionError {
    if (!(error instanceof ResolutionError)) {
      return new ResolutionError((error as Error).message, { [kind]: name }, error);
    }
    if (error[kind] !== undefined || error.place !== undefined) return error;
    const known = error.function === undefined ? {} : { function: error.function };
    return new ResolutionError(error.#problem, { ...known, [kind]: name }, error.cause);
  }
}

export function fail(message: string): never {
  throw new Error(message);
}
