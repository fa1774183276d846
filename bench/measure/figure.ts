/** One measured value and what it may be. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'bytes' | 'calls' | 'ms' | 's';
  /** The budget. */
  readonly atMost: number;
}

export const exceeds = ({ value, atMost }: Figure): boolean => !(value <= atMost);
