import * as v from 'valibot';
import { isTooDeep } from '#protocol/json-depth';

/** JSON that stands in a text, as Twilio hands on attributes: anybody may have written them. */
export const jsonText = v.pipe(
  v.string(),
  v.check((text) => !isTooDeep(text), 'nested too deep'),
  v.parseJson(),
);

/** Attributes of a channel or a task. What is no object tells nothing. */
export const attributesSchema = v.fallback(v.pipe(jsonText, v.record(v.string(), v.unknown())), {});
