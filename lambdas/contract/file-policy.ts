/** Which files customers may send: what a stage's file may say, and what the functions are told. */
import * as v from 'valibot';
import { DEFAULT_FILE_TYPES, KNOWN_FILE_TYPES } from '#protocol/file-types';
import { DEFAULT_MAX_FILE_BYTES, HIGHEST_MAX_FILE_BYTES } from '#protocol/limits';
import { wholeNumber } from './fields.ts';

const TYPES = `a list of some of ${KNOWN_FILE_TYPES.join(', ')}`;

const types = v.pipe(
  v.array(v.picklist(KNOWN_FILE_TYPES, TYPES), TYPES),
  v.nonEmpty(TYPES),
  v.description(TYPES),
);

/** A part of the section `customers.files`; the functions are told this much of it. */
export const FilePolicySchema = v.object({
  maxBytes: v.optional(wholeNumber(1, HIGHEST_MAX_FILE_BYTES, 'bytes'), DEFAULT_MAX_FILE_BYTES),
  types: v.optional(types, [...DEFAULT_FILE_TYPES]),
  /** Uploads that a session may ask for. */
  perSession: v.optional(wholeNumber(1, 10_000, 'files of one session'), 50),
});
