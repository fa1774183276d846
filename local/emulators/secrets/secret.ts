/** One version of a secret's value. */
export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  readonly createdAtMs: number;
}

/** What a secret has to remember, as plain JSON. */
export interface SecretVersions {
  readonly current: SecretVersion;
  readonly previous?: SecretVersion;
}

/** One secret with its current and its previous version. */
export class Secret {
  readonly arn: string;
  readonly name: string;
  #current: SecretVersion | undefined;
  #previous: SecretVersion | undefined;

  constructor(arn: string, kept?: SecretVersions) {
    this.arn = arn;
    this.#current = kept?.current;
    this.#previous = kept?.previous;
    // Secrets Manager appends a hyphen and six characters to the name.
    this.name = arn.slice(arn.indexOf(':secret:') + ':secret:'.length, -7);
  }

  /** Whether an id of a request means this secret: its ARN, the same without the end, or its name. */
  answersTo(id: string): boolean {
    return id === this.arn || id === this.arn.slice(0, -7) || id === this.name;
  }

  /** @returns undefined when there is none, as for a secret that never got a value. */
  version(wanted: { readonly id?: string; readonly stage?: string }): SecretVersion | undefined {
    const { id, stage = id === undefined ? 'AWSCURRENT' : undefined } = wanted;
    return [this.#current, this.#previous].find(
      (version) =>
        version !== undefined &&
        (id === undefined || version.id === id) &&
        (stage === undefined || this.stagesOf(version).includes(stage)),
    );
  }

  stagesOf(version: SecretVersion): string[] {
    return version === this.#current ? ['AWSCURRENT'] : ['AWSPREVIOUS'];
  }

  /** Undefined for a secret that never got a value. */
  get versions(): SecretVersions | undefined {
    const [current, previous] = [this.#current, this.#previous];
    return current && { current, ...(previous && { previous }) };
  }

  put(version: SecretVersion): void {
    this.#previous = this.#current;
    this.#current = version;
  }
}
