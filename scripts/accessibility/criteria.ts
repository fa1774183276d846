/** How the widget meets each criterion of WCAG 2.2, levels A and AA, and which tests show it. */

const ACCESSIBILITY = 'test/client/widget/accessibility.test.ts';
const WIDGET = 'test/client/widget/widget.test.ts';

/** The tests that count as evidence: their file, and their name as it stands there. */
export const TESTS = {
  axe: [
    ACCESSIBILITY,
    'axe finds nothing, targets have 24 px, and names hold what is read, in every state: %s, %s',
  ],
  forced: [
    ACCESSIBILITY,
    'forced colours leave every control and bubble an edge, and contrast to it',
  ],
  keyboard: [
    ACCESSIBILITY,
    'the keyboard alone leads through a chat, and every stop is seen and in sight',
  ],
  speech: [
    ACCESSIBILITY,
    'what others write is read out once and in order; the backlog, own messages and receipts never',
  ],
  focus: [
    ACCESSIBILITY,
    'focus goes into the chat and back to the launcher, and stays where it is when something happens',
  ],
  reflow: [ACCESSIBILITY, 'has room at 320 px and at 400 %, and with the text spacing of WCAG'],
  motion: [ACCESSIBILITY, 'nothing moves where motion is reduced'],
  names: [ACCESSIBILITY, 'a name in the other direction leaves a notice in order'],
  errors: [WIDGET, 'show a problem beside its field, and lead to the chat once they are answered'],
  known: [WIDGET, 'are not asked of somebody who is known'],
  failed: [WIDGET, 'offers a failed message to be sent again or discarded, and keeps the focus'],
  confirm: [WIDGET, 'ends after a confirmation, takes a rating, and begins anew'],
  direction: [WIDGET, 'reads a right-to-left language from the right, loaded when it is asked for'],
} as const satisfies Record<string, readonly [file: string, name: string]>;

export type TestKey = keyof typeof TESTS;

export interface Criterion {
  readonly id: string;
  readonly name: string;
  readonly level: 'A' | 'AA';
  /** Of a criterion that does not apply: why. */
  readonly how: string;
  /** None: read in the code, or it does not apply. */
  readonly tests: readonly TestKey[];
  readonly applies: boolean;
}

const met = (
  id: string,
  name: string,
  level: 'A' | 'AA',
  how: string,
  ...tests: TestKey[]
): Criterion => ({ id, name, level, how, tests, applies: true });

const none = (id: string, name: string, level: 'A' | 'AA', how: string): Criterion => ({
  id,
  name,
  level,
  how,
  tests: [],
  applies: false,
});

const NO_MEDIA = 'The widget plays no recorded or live media.';

export const CRITERIA: readonly Criterion[] = [
  met(
    '1.1.1',
    'Non-text Content',
    'A',
    'Icons are hidden from assistive technology; their buttons have names.',
    'axe',
  ),
  none('1.2.1', 'Audio-only and Video-only', 'A', NO_MEDIA),
  none('1.2.2', 'Captions (Prerecorded)', 'A', NO_MEDIA),
  none('1.2.3', 'Audio Description or Media Alternative', 'A', NO_MEDIA),
  none('1.2.4', 'Captions (Live)', 'AA', NO_MEDIA),
  none('1.2.5', 'Audio Description', 'AA', NO_MEDIA),
  met(
    '1.3.1',
    'Info and Relationships',
    'A',
    'Headings, lists, groups of fields, labels, and problems tied to their fields.',
    'axe',
    'errors',
  ),
  met(
    '1.3.2',
    'Meaningful Sequence',
    'A',
    'The order in the document is the order in time; names in another direction are isolated.',
    'axe',
    'names',
  ),
  met('1.3.3', 'Sensory Characteristics', 'A', 'No text refers to shape, colour or place.'),
  met('1.3.4', 'Orientation', 'AA', 'Works in both.', 'reflow'),
  met(
    '1.3.5',
    'Identify Input Purpose',
    'AA',
    'Name and e-mail carry their tokens; a page names others by `autocomplete`.',
    'axe',
  ),
  met(
    '1.4.1',
    'Use of Color',
    'A',
    'Each state of a message and each problem is said in words.',
    'failed',
    'errors',
  ),
  met('1.4.2', 'Audio Control', 'A', 'The sound lasts a quarter of a second and can be muted.'),
  met(
    '1.4.3',
    'Contrast (Minimum)',
    'AA',
    'At least 4.5:1 in both themes, for queued and failed messages too.',
    'axe',
    'forced',
  ),
  met('1.4.4', 'Resize Text', 'AA', 'No font size in the way of zoom; room at 400 %.', 'reflow'),
  met('1.4.5', 'Images of Text', 'AA', 'There are none.'),
  met('1.4.10', 'Reflow', 'AA', 'No scrolling in two directions at 320 px.', 'reflow'),
  met(
    '1.4.11',
    'Non-text Contrast',
    'AA',
    'Edges of fields and the focus ring have 3:1 and more; in forced colours each control has an edge.',
    'forced',
    'keyboard',
  ),
  met('1.4.12', 'Text Spacing', 'AA', 'Nothing is cut off with the wider spacing.', 'reflow'),
  met('1.4.13', 'Content on Hover or Focus', 'AA', 'Only the browser’s own tooltips.'),
  met('2.1.1', 'Keyboard', 'A', 'Everything by Tab, Enter, Space, arrows and Escape.', 'keyboard'),
  met(
    '2.1.2',
    'No Keyboard Trap',
    'A',
    'The panel is not modal; Tab leaves it, Escape closes it.',
    'keyboard',
    'focus',
  ),
  met('2.1.4', 'Character Key Shortcuts', 'A', 'There are none.'),
  met(
    '2.2.1',
    'Timing Adjustable',
    'A',
    'A chat that ends for silence says when, and a message puts it off.',
  ),
  met(
    '2.2.2',
    'Pause, Stop, Hide',
    'A',
    'The dots of who is typing stop within five seconds, and do not move where motion is reduced.',
    'motion',
  ),
  met('2.3.1', 'Three Flashes or Below Threshold', 'A', 'Nothing flashes.', 'motion'),
  none('2.4.1', 'Bypass Blocks', 'A', 'For pages; the widget is one block at the end of it.'),
  none('2.4.2', 'Page Titled', 'A', 'The title is the page’s; unread messages add a number.'),
  met(
    '2.4.3',
    'Focus Order',
    'A',
    'In reading order; what takes the place of a control that vanishes gets its focus.',
    'keyboard',
    'focus',
    'failed',
  ),
  met('2.4.4', 'Link Purpose (In Context)', 'A', 'A link is its own address or label.', 'axe'),
  none('2.4.5', 'Multiple Ways', 'AA', 'For sets of pages.'),
  met('2.4.6', 'Headings and Labels', 'AA', 'Each field and region has one.', 'axe'),
  met('2.4.7', 'Focus Visible', 'AA', 'A ring of at least 2 px.', 'keyboard'),
  met(
    '2.4.11',
    'Focus Not Obscured (Minimum)',
    'AA',
    'What has the focus is scrolled into sight.',
    'keyboard',
  ),
  none('2.5.1', 'Pointer Gestures', 'A', 'There are none.'),
  met('2.5.2', 'Pointer Cancellation', 'A', 'Buttons act when they are released.'),
  met('2.5.3', 'Label in Name', 'A', 'What is to be read on a control is in its name.', 'axe'),
  none('2.5.4', 'Motion Actuation', 'A', 'Nothing is done by moving the device.'),
  none('2.5.7', 'Dragging Movements', 'AA', 'Nothing is dragged.'),
  met(
    '2.5.8',
    'Target Size (Minimum)',
    'AA',
    'At least 24 px; 36 to 56 px for what is pressed most.',
    'axe',
  ),
  met(
    '3.1.1',
    'Language of Page',
    'A',
    'The panel carries its language and direction.',
    'direction',
  ),
  met(
    '3.1.2',
    'Language of Parts',
    'AA',
    'The language of what people write is not known; each bubble takes its direction from its text.',
    'names',
  ),
  met('3.2.1', 'On Focus', 'A', 'Focus changes nothing.', 'keyboard'),
  met(
    '3.2.2',
    'On Input',
    'A',
    'A question may show a further one after it, and nothing else.',
    'errors',
  ),
  none('3.2.3', 'Consistent Navigation', 'AA', 'For sets of pages.'),
  met('3.2.4', 'Consistent Identification', 'AA', 'The same name and icon in every state.', 'axe'),
  met(
    '3.2.6',
    'Consistent Help',
    'A',
    'The launcher has the same place on every page that has it.',
  ),
  met(
    '3.3.1',
    'Error Identification',
    'A',
    'Beside the field, in words; the first one gets the focus.',
    'errors',
  ),
  met('3.3.2', 'Labels or Instructions', 'A', 'Visible labels; what is optional says so.', 'axe'),
  met(
    '3.3.3',
    'Error Suggestion',
    'AA',
    'The text says what is wrong; for patterns the page’s own hint.',
    'errors',
  ),
  met(
    '3.3.4',
    'Error Prevention (Legal, Financial, Data)',
    'AA',
    'The end of a chat is confirmed.',
    'confirm',
  ),
  met(
    '3.3.7',
    'Redundant Entry',
    'A',
    'What the page or an earlier chat knows is not asked.',
    'known',
  ),
  none('3.3.8', 'Accessible Authentication (Minimum)', 'AA', 'Nobody has to log in.'),
  met(
    '4.1.2',
    'Name, Role, Value',
    'A',
    'Native controls; the launcher tells whether the chat is open.',
    'axe',
  ),
  met(
    '4.1.3',
    'Status Messages',
    'AA',
    'Others’ messages in a log, the connection and who is typing as status, problems as alert.',
    'speech',
    'axe',
  ),
];
