/** A path of Twilio's REST API. */
export interface TwilioPath {
  /** As sent, values percent-encoded. */
  readonly text: string;
  /** For error messages: the same with `*` for each value. */
  readonly pattern: string;
}

/** Tag of a template: percent-encodes the values and remembers the pattern without them. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): TwilioPath {
  return {
    text: String.raw({ raw: parts }, ...values.map(encodeURIComponent)),
    pattern: parts.join('*'),
  };
}

/** A resource below a path. */
export function below(parent: TwilioPath, child: TwilioPath): TwilioPath {
  return { text: parent.text + child.text, pattern: parent.pattern + child.pattern };
}
