import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { conflict } from '../../rest/twilio-error.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import type { User } from '../model.ts';
import { ensureUser, findUser, updateUser } from '../state/user.ts';
import { baseUrl } from './scope.ts';

export function userOperations(world: World) {
  const render = (call: Call, user: User) => toJson(world, baseUrl(world, call), user);
  return {
    createUser: (call) => {
      const base = baseUrl(world, call);
      const identity = call.parameters.text('Identity') ?? '';
      if (world.users.has(identity)) throw conflict(50201, 'User already exists');
      const user = ensureUser(world, identity);
      updateUser(world, user, changeOf(call));
      return toJson(world, base, user);
    },
    listUsers: (call) => {
      const base = baseUrl(world, call);
      const toItem = (each: User) => toJson(world, base, each);
      return pageOf(call, 'users', [...world.users.values()], ({ sid }) => sid, toItem);
    },
    fetchUser: (call) => render(call, userOf(world, call)),
    updateUser: (call) => {
      const user = userOf(world, call);
      updateUser(world, user, changeOf(call));
      return render(call, user);
    },
    deleteUser: (call) => {
      world.users.delete(userOf(world, call).identity);
    },
  } satisfies Record<string, Operation>;
}

function userOf(world: World, call: Call): User {
  baseUrl(world, call);
  return found(findUser(world, call.path['Sid'] ?? ''), call);
}

const changeOf = ({ parameters }: Call) => ({
  friendlyName: parameters.text('FriendlyName'),
  attributes: parameters.text('Attributes'),
});

const toJson = (world: World, base: string, user: User) => ({
  sid: user.sid,
  account_sid: world.account.accountSid,
  chat_service_sid: world.account.chatServiceSid,
  role_sid: null,
  identity: user.identity,
  friendly_name: user.friendlyName,
  attributes: user.attributes,
  is_online: null,
  is_notifiable: null,
  date_created: isoSeconds(user.createdAtMs),
  date_updated: isoSeconds(user.updatedAtMs),
  url: `${base}/Users/${user.sid}`,
  links: { user_conversations: `${base}/Users/${user.sid}/Conversations` },
});
