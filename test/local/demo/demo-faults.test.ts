import { DemoFaults } from '#local/demo/demo-faults';
import { type HttpStub, startHttpStub } from '#test/support/http-stub';

let twilio: HttpStub;
let faults: DemoFaults;
let status = 200;

beforeAll(async () => {
  twilio = await startHttpStub(() => ({ status, body: '{}' }));
});

afterAll(() => twilio.stop());

beforeEach(() => {
  status = 200;
  faults = new DemoFaults(twilio.url);
});

const sent = () => JSON.parse(twilio.requests.at(-1)?.body ?? '');
const on = () => faults.list().flatMap(({ isOn, name }) => (isOn ? [name] : []));

describe('the faults of the demo', () => {
  test('go to the simulated Twilio as one plan, also two of the same part', async () => {
    expect(await faults.set(['network', 'pushes', 'slow'])).toBe(true);

    expect(twilio.requests.at(-1)).toMatchObject({ method: 'PUT', path: '/faults' });
    expect(sent()).toEqual({
      connections: { cut: true, post: { answer: 'throttled', count: 3 } },
      latencyMs: 3_000,
    });
    expect(on()).toEqual(['network', 'slow', 'pushes']);
  });

  test('are all over with an empty list', async () => {
    await faults.set(['slow']);

    await faults.set([]);

    expect(sent()).toEqual({});
    expect(on()).toEqual([]);
  });

  test.each([
    [['unknown']],
    [['__proto__']],
    [['constructor']],
    ['slow'],
    [{}],
    [undefined],
    [[1]],
  ])('take no %j', async (names) => {
    const before = twilio.requests.length;

    expect(await faults.set(names)).toBe(false);

    expect(twilio.requests).toHaveLength(before);
  });

  test('stay as they were when the simulated Twilio refuses', async () => {
    await faults.set(['slow']);
    status = 400;

    await expect(faults.set(['database'])).rejects.toThrow('PUT /faults: 400');

    expect(on()).toEqual(['slow']);
  });
});
