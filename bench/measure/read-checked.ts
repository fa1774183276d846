import { readFileSync } from 'node:fs';
import * as v from 'valibot';

/** Reads a JSON file. @throws Error that names what is missing or wrong in it. */
export function readChecked<Output>(
  schema: v.GenericSchema<unknown, Output>,
  file: string,
): Output {
  const read = v.safeParse(schema, JSON.parse(readFileSync(file, 'utf8')));
  if (read.success) return read.output;
  const problems = read.issues.map((issue) => `${v.getDotPath(issue) ?? file}: ${issue.message}`);
  throw new Error(`${file} can't be used: ${problems.join('; ')}`);
}
