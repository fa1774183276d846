import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Every line that the functions of a run have written: the stack remembers the last ones only. */
export function functionLines(outDirectory: string): string[] {
  const logs = path.join(outDirectory, 'logs');
  return readdirSync(logs).flatMap((file) =>
    readFileSync(path.join(logs, file), 'utf8').split('\n'),
  );
}
