import {
  type Attributes,
  type ChatClient,
  ChatClientError,
  type Code,
  type Profile,
} from '#client/sdk/index';
import { openOnline, shownIn } from '#test/support/lone-tab';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** As a page's own code has it: everything that goes in or comes out has a name. */
function order(client: ChatClient, profile: Profile, attributes: Attributes): void {
  client.setProfile(profile);
  client.send('hello', { attributes });
}
const isLimit = (code: Code): boolean => code === 'rate_limited';

test('a page can name all that it hands over and gets', async () => {
  const { client } = await openOnline();

  order(client, { name: 'Grace' }, { orderId: '4711' });

  expect(shownIn(client)).toHaveLength(1);
  expect(isLimit('rate_limited')).toBe(true);
  expect(new ChatClientError('empty')).toBeInstanceOf(Error);
});
