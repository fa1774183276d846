import * as v from 'valibot';

/** A user of the chat service: an agent or a customer. */
export interface NamedUser {
  readonly friendlyName: string;
  /** JSON text. */
  readonly attributes: string;
}

/** A user as either product's REST API shows it. */
export const UserSchema = v.pipe(
  v.object({ friendly_name: v.nullish(v.string(), ''), attributes: v.nullish(v.string(), '') }),
  v.transform(
    ({ friendly_name, attributes }): NamedUser => ({ friendlyName: friendly_name, attributes }),
  ),
);
