/** What the page server knows of this run; it puts it in when it builds the pages. */
interface Demo {
  /** Where customers connect. */
  readonly customerSocketUrl: string;
  /** Such as `conversations`. */
  readonly backEnd: string;
  /** Such as `studio`. */
  readonly routing: string;
}

declare const DEMO_OF_THIS_RUN: Demo;

export const DEMO = DEMO_OF_THIS_RUN;
