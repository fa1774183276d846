import type { TimelineItem } from '#client/sdk/index';
import { chosenIn, nameOfFile, safeUrl, telUrl } from '#client/widget/panel/content/read-content';
import { anEcho } from '#test/support/chat-events';

const choice = { chat: 1, index: 3, id: 'yes' };
const arrived: TimelineItem = {
  kind: 'message',
  key: 'own:m1',
  message: anEcho('m1', { index: 4, choice }),
  readByAgent: false,
  edited: false,
};
const underWay: TimelineItem = {
  kind: 'pending',
  key: 'own:m1',
  entry: { id: 'm1', order: 1, body: 'Yes', createdAtMs: 0, state: 'queued', choice },
};

test.each([arrived, underWay])('what was chosen is known: $kind', (item) => {
  expect(chosenIn([item], { chat: 1, index: 3 })).toBe('yes');
});

test('what was chosen in another chat, or of another message, does not count', () => {
  expect(chosenIn([arrived], { chat: 2, index: 3 })).toBeUndefined();
  expect(chosenIn([arrived], { chat: 1, index: 4 })).toBeUndefined();
});

test.each(['javascript:alert(1)', 'http://shop.example/', 'data:text/html,x', ' https://x', ''])(
  'no link leads to %j',
  (url) => {
    expect(safeUrl(url)).toBeUndefined();
  },
);

test('a number to call is digits alone', () => {
  expect(telUrl('+44 (20) 7946-0000')).toBe('tel:+442079460000');
  expect(telUrl('1;ext=javascript:2')).toBe('tel:12');
});

test.each([
  ['https://shop.example/a/b%20c.png?x=/y.gif#z', 'b c.png'],
  ['https://shop.example/dir/', 'dir'],
  ['https://shop.example', 'shop.example'],
  ['https://shop.example/%zz.png', '%zz.png'],
])('a file at %s is called %s', (url, name) => {
  expect(nameOfFile(url)).toBe(name);
});
