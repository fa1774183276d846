import { found, type Operation } from '../rest/call.ts';
import { TwilioError } from '../rest/twilio-error.ts';
import { isoSeconds, type World } from '../world/world.ts';
import { readToken } from './flex-token.ts';

export function iamOperations(world: World) {
  return {
    validateToken: (call) => {
      const { account } = world;
      found(call.path['AccountSid'] === account.accountSid || undefined, call);
      const token = readToken(account, call.parameters.text('token') ?? '', world.nowMs());
      if (token === undefined) {
        if (world.unconfirmed().badFlexToken === 'status') {
          throw new TwilioError(401, 20101, 'Invalid Access Token');
        }
        return { valid: false, code: 20101, message: 'Invalid Access Token' };
      }
      return {
        valid: true,
        code: 0,
        message: null,
        expiration: isoSeconds(token.expiresAtMs),
        realm_user_id: token.identity,
        identity: token.identity,
        roles: ['agent'],
        worker_sid: null,
      };
    },
  } satisfies Record<string, Operation>;
}
