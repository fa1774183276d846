import * as v from 'valibot';
import { isTooDeep } from '#protocol/json-depth';

/** JSON that stands in a text, as Twilio hands on attributes: anybody may have written them. */
export const jsonText = v.pipe(
  v.string(),
  v.check((text) => !isTooDeep(text), 'nested too deep'),
  v.parseJson(),
);
