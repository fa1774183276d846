import * as v from 'valibot';
import { hasCode } from '#core/errors';
import type { FlexNames } from '#core/flex';
import { TASKROUTER_HOST } from '../rest/hosts.ts';
import { jsonText } from '../rest/json-text.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { path } from '../rest/twilio-path.ts';
import type { FlexConfig } from './flex-config.ts';
import { NAME_TIMEOUT_MS, type NamedUser } from './read-user.ts';
import { isShowable, plain, tidy } from './showable-name.ts';

/** Anybody may write attributes. */
const AttributesSchema = v.pipe(
  jsonText,
  v.object({
    public_identity: v.fallback(v.string(), ''),
    contact_uri: v.fallback(v.string(), ''),
  }),
);
const NO_ATTRIBUTES = { public_identity: '', contact_uri: '' };

const WorkersSchema = v.object({
  workers: v.array(
    v.object({ friendly_name: v.nullish(v.string(), ''), attributes: v.nullish(v.string(), '') }),
  ),
});

/**
 * Names agents by what they chose to be called in public, and otherwise by their user's name; two
 * calls side by side. A name that reveals an e-mail address or the identity is not used.
 *
 * While the worker can't be read, no name is found: the user's name may be the one the agent hides.
 *
 * @param readUser undefined when there is no such user.
 * Source: help.twilio.com, "Flex: Customizing Agent Display Names via SSO Attributes".
 */
export function createDisplayNames(
  rest: TwilioRest,
  { workspaceSid, names }: Pick<FlexConfig, 'workspaceSid' | 'names'>,
  readUser: (identity: string) => Promise<NamedUser | undefined>,
): FlexNames {
  return {
    fallbackName: (role) => names[role],

    async findName(identity) {
      const [ofWorker, user] = await Promise.all([
        publicIdentityOfWorker(rest, workspaceSid, identity),
        readUser(identity),
      ]);
      const chosen = tidy(ofWorker) || tidy(attributesOf(user?.attributes).public_identity);
      const name = chosen || tidy(user?.friendlyName ?? '');
      return isShowable(name, identity) ? name : '';
    },
  };
}

/**
 * A worker's friendly name is the agent's sign-in name, and the identity is that name, encoded. The
 * worker's attributes hold the identity, too, so that a worker of a similar name is not taken.
 * @throws ChatError only when Twilio may answer another time.
 */
async function publicIdentityOfWorker(
  rest: TwilioRest,
  workspaceSid: string,
  identity: string,
): Promise<string> {
  try {
    const { workers } = await rest({
      method: 'GET',
      host: TASKROUTER_HOST,
      path: path`/v1/Workspaces/${workspaceSid}/Workers`,
      form: { FriendlyName: plain(identity), PageSize: '20' },
      answer: WorkersSchema,
      timeoutMs: NAME_TIMEOUT_MS,
    });
    const known = workers.map(({ friendly_name, attributes }) => ({
      ...attributesOf(attributes),
      isCalledSo: plain(friendly_name).toLowerCase() === plain(identity).toLowerCase(),
    }));
    const uri = `client:${identity}`;
    const worker =
      known.find(({ contact_uri }) => contact_uri === uri) ??
      known.find(({ contact_uri, isCalledSo }) => contact_uri === '' && isCalledSo);
    return worker?.public_identity ?? '';
  } catch (error) {
    if (hasCode(error, 'UPSTREAM_UNAVAILABLE') || hasCode(error, 'RATE_LIMITED')) throw error;
    return '';
  }
}

function attributesOf(attributes: string | undefined): v.InferOutput<typeof AttributesSchema> {
  const parsed = v.safeParse(AttributesSchema, attributes);
  return parsed.success ? parsed.output : NO_ATTRIBUTES;
}
