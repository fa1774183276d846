/** The kinds of parameters that Twilio's endpoints take. Data only: the tables are also read in CI. */

export type Kind =
  | { readonly type: 'text'; readonly maxCharacters?: number; readonly maxBytes?: number }
  | { readonly type: 'enum'; readonly values: readonly string[]; readonly anyCase?: boolean }
  /** Two letters and 32 hexadecimal digits. */
  | { readonly type: 'sid'; readonly prefix: string }
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum?: number }
  /** ISO 8601 date and time. */
  | { readonly type: 'time' }
  /** ISO 8601 duration. */
  | { readonly type: 'duration'; readonly minimumMs: number }
  /** Any JSON value as text. */
  | { readonly type: 'json'; readonly maxBytes?: number }
  | { readonly type: 'boolean' }
  /** Absolute, http or https; the empty text clears it where that is allowed. */
  | { readonly type: 'url'; readonly mayBeEmpty?: boolean };

export interface Parameter {
  /** Case counts. */
  readonly name: string;
  readonly kind: Kind;
  readonly required: boolean;
  /** May be given several times. Any other parameter given twice is refused. */
  readonly repeated: boolean;
  /** Twilio's code for a malformed value, where it is not 20001. */
  readonly errorCode?: number;
}

type Options = Partial<Pick<Parameter, 'required' | 'repeated' | 'errorCode'>>;

const parameter = (name: string, kind: Kind, options: Options = {}): Parameter => ({
  name,
  kind,
  required: false,
  repeated: false,
  ...options,
});

/** At most `maxCharacters` (Twilio counts most texts in characters). */
export const text = (name: string, maxCharacters?: number, options?: Options): Parameter =>
  parameter(name, maxCharacters ? { type: 'text', maxCharacters } : { type: 'text' }, options);

export const textOfBytes = (name: string, maxBytes: number, options?: Options): Parameter =>
  parameter(name, { type: 'text', maxBytes }, options);

export const oneOf = (name: string, values: readonly string[], options?: Options): Parameter =>
  parameter(name, { type: 'enum', values }, options);

export const sid = (name: string, prefix: string, options?: Options): Parameter =>
  parameter(name, { type: 'sid', prefix }, options);

export const integer = (name: string, minimum: number, maximum?: number): Parameter =>
  parameter(
    name,
    maximum === undefined ? { type: 'integer', minimum } : { type: 'integer', minimum, maximum },
  );

export const time = (name: string): Parameter => parameter(name, { type: 'time' });

export const duration = (name: string, minimumMs: number, errorCode: number): Parameter =>
  parameter(name, { type: 'duration', minimumMs }, { errorCode });

export const json = (name: string, maxBytes?: number, options?: Options): Parameter =>
  parameter(name, maxBytes ? { type: 'json', maxBytes } : { type: 'json' }, options);

export const boolean = (name: string): Parameter => parameter(name, { type: 'boolean' });

export const url = (name: string, options?: Options): Parameter =>
  parameter(name, { type: 'url' }, options);

export const clearableUrl = (name: string): Parameter =>
  parameter(name, { type: 'url', mayBeEmpty: true });

/** The method by which a webhook is called; Twilio's own samples write it in both cases. */
export const httpMethod = (name: string): Parameter =>
  parameter(name, { type: 'enum', values: ['GET', 'POST'], anyCase: true });

/** How every list is paged. */
export const paging = (maxPageSize: number): readonly Parameter[] => [
  integer('PageSize', 1, maxPageSize),
  integer('Page', 0),
  text('PageToken'),
];
