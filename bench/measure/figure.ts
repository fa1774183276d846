/** One measured value and what it may be. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'bytes' | 'calls' | 'ms' | 's' | 'elements';
  /** The budget. */
  readonly atMost: number;
}

export const exceeds = ({ value, atMost }: Figure): boolean => !(value <= atMost);

/** @returns one row for each figure, for the console. */
export const tableOf = (figures: readonly Figure[]) =>
  figures.map((figure) => ({
    figure: figure.name,
    value: figure.value,
    unit: figure.unit,
    budget: figure.atMost,
    exceeded: exceeds(figure) ? 'yes' : '',
  }));
