import { systemClock } from '../../../clock.ts';
import { UNWATCHED } from '../../../wire/wire.ts';
import type { TwilioOptions } from '../options.ts';
import { newWorldState } from './new-world-state.ts';
import { Scheduler } from './scheduler.ts';
import { sidSource } from './sids.ts';
import type { World } from './world.ts';
import { WorldFile } from './world-file.ts';

export function createWorld(options: TwilioOptions): World {
  const newSid = sidSource(options.random);
  const clock = options.clock ?? systemClock;
  const { account } = options;
  const file = options.file === undefined ? undefined : new WorldFile(options.file, account);
  const world: World = {
    ...newWorldState(account, newSid, clock.now(), file?.load()),
    account,
    announcesFlexClose: options.announcesFlexClose ?? true,
    clockSkewMs: options.clockSkewMs ?? 0,
    taskDelayMs: options.taskDelayMs ?? 10,
    chatServiceWebhookDelayMs: options.chatServiceWebhookDelayMs ?? 0,
    flexChannelReuseStatus: options.flexChannelReuseStatus ?? 201,
    taskSearchesPerSecond: options.taskSearchesPerSecond ?? 3,
    takeRoutingFault: () => undefined,
    namesParticipants: () => false,
    unconfirmed: () => ({}),
    log: options.log ?? (() => {}),
    watch: options.watch ?? UNWATCHED,
    nowMs: () => clock.now(),
    newSid,
    scheduler: new Scheduler(),
    file,
    subscribers: [],
    serviceSubscribers: [],
    interactionSubscribers: [],
    taskSubscribers: [],
  };
  file?.watch(world);
  return world;
}
