import { nextRole, PATIENCE, type TabEvent, type TabRole } from '#client/sdk/tabs/tab-role';

const SELF = 'm';

const detached: TabRole = { name: 'detached' };
const fresh: TabRole = { name: 'following', term: 0, unanswered: 0 };
const following: TabRole = { name: 'following', term: 2, leader: 'a', unanswered: 0 };
const impatient: TabRole = { ...following, unanswered: PATIENCE };
const orphaned: TabRole = { name: 'following', term: 2, unanswered: 0 };
const claiming: TabRole = { name: 'claiming', term: 2 };
const leading: TabRole = { name: 'leading', term: 2 };

const joined: TabEvent = { type: 'joined' };
const left: TabEvent = { type: 'left' };
const granted: TabEvent = { type: 'granted', nowMs: 0 };
const lost: TabEvent = { type: 'lost' };
const asked: TabEvent = { type: 'asked', patience: PATIENCE };
const heard = (from: string, term: number): TabEvent => ({ type: 'heard', from, term });
const gone = (from: string): TabEvent => ({ type: 'gone', from });

describe('nextRole', () => {
  test.each<[TabRole, TabEvent, TabRole]>([
    [detached, joined, fresh],
    [following, left, detached],
    [claiming, left, detached],
    [leading, left, detached],
    [fresh, granted, { name: 'leading', term: 1 }],
    [following, granted, { name: 'leading', term: 3 }],
    [claiming, granted, { name: 'leading', term: 3 }],
    [following, { type: 'granted', nowMs: 50 }, { name: 'leading', term: 50 }],
    [leading, lost, orphaned],
    [claiming, lost, orphaned],
    [fresh, heard('a', 2), following],
    [impatient, heard('a', 2), following],
    [following, heard('b', 3), { ...following, term: 3, leader: 'b' }],
    [following, heard('a', 3), { ...following, term: 3 }],
    [claiming, heard('a', 2), following],
    [leading, heard('a', 3), { ...following, term: 3 }],
    [leading, heard('a', 2), following],
    [following, gone('a'), claiming],
    [following, asked, { ...following, unanswered: 1 }],
    [impatient, asked, claiming],
    [fresh, { type: 'asked', patience: 0 }, { name: 'claiming', term: 0 }],
  ])('%j on %j becomes %j', (role, event, expected) => {
    const after = nextRole(role, event, SELF);

    expect(after).toEqual(expected);
  });

  test.each<[TabRole, TabEvent]>([
    [detached, left],
    [detached, granted],
    [detached, lost],
    [detached, asked],
    [detached, heard('a', 9)],
    [detached, gone('a')],
    [following, joined],
    [following, lost],
    [following, heard('a', 2)],
    [following, heard('b', 1)],
    [following, gone('b')],
    [claiming, joined],
    [claiming, asked],
    [claiming, gone('a')],
    [leading, joined],
    [leading, granted],
    [leading, asked],
    [leading, gone('a')],
    [leading, heard('a', 1)],
    [leading, heard('z', 2)],
  ])('%j stays the same object on %j', (role, event) => {
    const after = nextRole(role, event, SELF);

    expect(after).toBe(role);
  });

  test('lets exactly one of two tabs lead that made themselves leaders at once', () => {
    const roles = [nextRole(leading, heard('b', 2), 'a'), nextRole(leading, heard('a', 2), 'b')];

    expect(roles.map(({ name }) => name)).toEqual(['leading', 'following']);
  });
});
