import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Has stack traces name the TypeScript file and line instead of a place in the minified bundle.
 * The map is read when the first stack is asked for. Node's own `--enable-source-maps` reads it at
 * every start, which costs a sixth of the CPU time of a cold start and 9 MB.
 *
 * @param bundle URL of the running file; without a map beside it nothing changes.
 */
export function installReadableStacks(bundle: string): void {
  const mapFile = fileURLToPath(`${bundle}.map`);
  if (!existsSync(mapFile)) return;
  let map: SourceMap | undefined;
  Error.prepareStackTrace = (error, frames) => {
    map ??= new SourceMap(JSON.parse(readFileSync(mapFile, 'utf8')));
    const lines = frames.map((frame) =>
      frame.getFileName() === bundle ? describe(frame, map) : String(frame),
    );
    return [String(error), ...lines].join('\n    at ');
  };
}

function describe(frame: NodeJS.CallSite, map: SourceMap | undefined): string {
  const line = frame.getLineNumber() ?? 0;
  const column = frame.getColumnNumber() ?? 0;
  const place = map?.findEntry(line - 1, column - 1);
  if (place === undefined || !('originalSource' in place)) return String(frame);
  const { originalSource, originalLine, originalColumn } = place;
  return `${originalSource}:${originalLine + 1}:${originalColumn + 1}`;
}
