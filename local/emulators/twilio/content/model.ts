/** A template of rich content. Plain data. */
export interface ContentTemplate {
  readonly sid: string;
  readonly friendlyName: string;
  readonly language: string;
  /** Defaults, by the name of the gap. */
  readonly variables: Readonly<Record<string, string>>;
  /** By Twilio's name of the type, such as `twilio/quick-reply`. */
  readonly types: Readonly<Record<string, unknown>>;
  readonly createdAtMs: number;
}

export interface ContentState {
  /** By SID. */
  readonly contentTemplates: Map<string, ContentTemplate>;
}
