import type { User } from '../../conversations/model.ts';
import { ensureUser, findUser, updateUser } from '../../conversations/state/user.ts';
import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { conflict } from '../../rest/twilio-error.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import { serviceUrl } from './scope.ts';

export function channelUserOperations(world: World) {
  const render = (call: Call, user: User) => toJson(world, serviceUrl(world, call), user);
  const userOf = (call: Call): User => found(findUser(world, call.path['Sid'] ?? ''), call);
  return {
    createChatUser: (call) => {
      const identity = call.parameters.text('Identity') ?? '';
      if (world.users.has(identity)) throw conflict(50201, 'User already exists');
      const user = ensureUser(world, identity);
      updateUser(world, user, changeOf(call));
      return render(call, user);
    },
    listChatUsers: (call) =>
      pageOf(
        call,
        'users',
        [...world.users.values()],
        ({ sid }) => sid,
        (each) => render(call, each),
      ),
    fetchChatUser: (call) => render(call, userOf(call)),
    updateChatUser: (call) => {
      const user = userOf(call);
      updateUser(world, user, changeOf(call));
      return render(call, user);
    },
    deleteChatUser: (call) => {
      world.users.delete(userOf(call).identity);
    },
  } satisfies Record<string, Operation>;
}

const changeOf = ({ parameters }: Call) => ({
  friendlyName: parameters.text('FriendlyName'),
  attributes: parameters.text('Attributes'),
});

const toJson = (world: World, service: string, user: User) => ({
  sid: user.sid,
  account_sid: world.account.accountSid,
  service_sid: world.account.chatServiceSid,
  role_sid: null,
  identity: user.identity,
  friendly_name: user.friendlyName,
  attributes: user.attributes,
  is_online: null,
  is_notifiable: null,
  joined_channels_count: [...world.conversations.values()].filter(({ participants }) =>
    participants.some(({ identity }) => identity === user.identity),
  ).length,
  date_created: isoSeconds(user.createdAtMs),
  date_updated: isoSeconds(user.updatedAtMs),
  url: `${service}/Users/${user.sid}`,
  links: { user_channels: `${service}/Users/${user.sid}/Channels` },
});
