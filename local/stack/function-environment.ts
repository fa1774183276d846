import { type PublicEndpoints, rewriteEndpoints } from '../assembly/public-endpoints.ts';
import type { Caller } from '../emulators/aws/callers.ts';
import { runtimeEnvironment } from '../emulators/lambda/environment.ts';
import type { FunctionSettings } from '../emulators/lambda/function-settings.ts';

/** Where the functions reach what they talk to. */
export interface LocalAddresses {
  /** `AWS_ENDPOINT_URL`: the front door. */
  readonly awsUrl: string;
  readonly twilioUrl: string;
  readonly endpoints: PublicEndpoints;
}

/**
 * The whole environment of one function: its own variables with AWS's public addresses replaced
 * by local ones, what Lambda sets, and the access key of its role.
 *
 * @param changed values of its own variables that differ; a function that has none of them gets none.
 * @throws Error when the function has no caller, and with it no role, or no addresses are known yet.
 */
export function functionEnvironment(
  settings: FunctionSettings,
  callers: readonly Caller[],
  addresses: LocalAddresses | undefined,
  changed: Readonly<Record<string, string>> = {},
): Record<string, string> {
  if (addresses === undefined) throw new Error(`${settings.name} was invoked during the start`);
  const { awsUrl, twilioUrl, endpoints } = addresses;
  const caller = callers.find(({ name }) => name === settings.name);
  if (caller === undefined) throw new Error(`${settings.name} has no role`);
  const own = Object.entries(settings.environment).map(
    ([name, value]) => [name, changed[name] ?? rewriteEndpoints(value, endpoints)] as const,
  );
  return {
    ...Object.fromEntries(own),
    ...runtimeEnvironment(settings, caller),
    AWS_ENDPOINT_URL: awsUrl,
    TWILIO_ENDPOINT_URL: twilioUrl,
  };
}
