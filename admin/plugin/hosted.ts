/** The address from which agents' browsers load the plugin. */
import { CommandError } from '../command.ts';

const TIMEOUT_MS = 10_000;

/**
 * @throws CommandError unless exactly this code is served there: what agents' browsers run has
 *   to be what was built.
 */
export async function refuseOtherCode(url: string, code: string): Promise<void> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isLoopback = parsed?.hostname === '127.0.0.1' || parsed?.hostname === 'localhost';
  if (parsed?.protocol !== 'https:' && !(parsed?.protocol === 'http:' && isLoopback)) {
    throw new CommandError('--url: expected the https address of the built file.');
  }
  const served = await load(url);
  if (served === code) return;
  throw new CommandError(
    `${parsed.origin}${parsed.pathname} serves something else than what was built. Upload the file that "plugin deploy --out" writes, unchanged.`,
  );
}

async function load(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new CommandError(`The file is not served: status ${response.status}.`);
    return await response.text();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError('The file is not served: no answer. Upload it first.', { cause: error });
  }
}
