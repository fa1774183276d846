import { type ChatClient, createChatClient } from '#client/sdk/index';
import { until } from '#test/support/agent-desk';
import { type ScriptedChat, startScriptedChat } from '#test/support/scripted-chat';

let chat: ScriptedChat;
let client: ChatClient;

beforeEach(async () => {
  chat = await startScriptedChat();
  client = createChatClient({ url: chat.customerSocketUrl, random: () => 0.05 });
});

afterEach(async () => {
  client.disconnect();
  await chat.close();
});

const said = () =>
  client.state.timeline.flatMap((item) => (item.kind === 'message' ? [item.message.body] : []));

describe('the client in Node, with all that the platform brings', () => {
  test('talks over a real WebSocket, and goes on after the connection was cut', async () => {
    client.connect();
    client.send('one');
    await until('echo', async () => said().length === 1);
    chat.cut();
    await until('loss', async () => client.state.connection.name === 'waiting');
    client.send('two');

    chat.restore();
    await until('second echo', async () => said().length === 2);

    expect(said()).toEqual(['one', 'two']);
  });
});
