/**
 * Which of the tabs on one session leads: it alone owns the connection and sends. Pure.
 *
 * A lock names the leader where the browser has locks, and passes on when its tab is closed.
 * Without them a tab that hears no leader makes itself one. Either way a leader that does not
 * answer is deposed, and terms tell a deposed leader that comes back that it is not one.
 */

/** A leader that leaves so many questions unanswered is taken for frozen. */
export const PATIENCE = 2;

export type TabRole =
  /** Not one of the tabs: before `connect`, after `disconnect`, while the page is left. */
  | { readonly name: 'detached' }
  | {
      readonly name: 'following';
      readonly term: number;
      /** Absent until one is heard. */
      readonly leader?: string;
      /** Questions since the last sign of a leader. */
      readonly unanswered: number;
    }
  /** Takes the lead, from whoever has it. */
  | { readonly name: 'claiming'; readonly term: number }
  | { readonly name: 'leading'; readonly term: number };

export type TabEvent =
  | { readonly type: 'joined' | 'left' | 'lost' }
  /**
   * The wall clock lets the later of two leaders win that never heard of each other. Nothing
   * depends on its being right.
   */
  | { readonly type: 'granted'; readonly nowMs: number }
  /** A sign of life of a leader. */
  | { readonly type: 'heard'; readonly from: string; readonly term: number }
  /** The leader has left. Where there are locks, the lock tells. */
  | { readonly type: 'gone'; readonly from: string }
  /** The leader was asked for a sign of life. */
  | { readonly type: 'asked'; readonly patience: number };

/** An event that does not fit the role changes nothing: the same object is returned. @param self this tab's name. */
export function nextRole(role: TabRole, event: TabEvent, self: string): TabRole {
  switch (event.type) {
    case 'joined':
      return role.name === 'detached' ? following(0) : role;
    case 'left':
      return role.name === 'detached' ? role : { name: 'detached' };
    case 'granted':
      return role.name === 'following' || role.name === 'claiming'
        ? { name: 'leading', term: Math.max(role.term + 1, event.nowMs) }
        : role;
    case 'lost':
      return role.name === 'leading' || role.name === 'claiming' ? following(role.term) : role;
    case 'heard':
      return hear(role, event, self);
    case 'gone':
      return miss(role, event.from);
    case 'asked':
      return role.name === 'following' ? ask(role, event.patience) : role;
  }
}

function hear(
  role: TabRole,
  { from, term }: { readonly from: string; readonly term: number },
  self: string,
): TabRole {
  if (role.name === 'detached' || term < role.term) return role;
  // Two tabs that made themselves leaders at once agree on one.
  if (role.name === 'leading' && term === role.term && self < from) return role;
  if (role.name === 'following' && role.leader === from && role.unanswered === 0) {
    return role.term === term ? role : { ...role, term };
  }
  return { ...following(term), leader: from };
}

function miss(role: TabRole, leader: string): TabRole {
  const isMissed = role.name === 'following' && role.leader === leader;
  return isMissed ? { name: 'claiming', term: role.term } : role;
}

function ask(role: Extract<TabRole, { name: 'following' }>, patience: number): TabRole {
  return role.unanswered >= patience
    ? { name: 'claiming', term: role.term }
    : { ...role, unanswered: role.unanswered + 1 };
}

function following(term: number): Extract<TabRole, { name: 'following' }> {
  return { name: 'following', term, unanswered: 0 };
}
