import { type Call, found, type Operation, pathOf } from '../rest/call.ts';
import type { World } from '../world/world.ts';

export function accountOperations({ account, createdAtMs }: World) {
  // This API alone writes times as e-mails do.
  const createdAt = new Date(createdAtMs).toUTCString().replace('GMT', '+0000');
  const dates = { date_created: createdAt, date_updated: createdAt };
  const assertAccount = (call: Call, sid: string | undefined) =>
    found(sid === account.accountSid || undefined, call);
  return {
    fetchAccount: (call) => {
      assertAccount(call, call.path['Sid']);
      return {
        sid: account.accountSid,
        owner_account_sid: account.accountSid,
        friendly_name: 'Local account',
        status: 'active',
        type: 'Full',
        ...dates,
        uri: pathOf(call),
      };
    },
    fetchKey: (call) => {
      assertAccount(call, call.path['AccountSid']);
      const key = account.apiKeys.find(({ sid }) => sid === call.path['Sid']);
      const { sid } = found(key, call);
      return { sid, friendly_name: 'Local key', ...dates };
    },
  } satisfies Record<string, Operation>;
}
