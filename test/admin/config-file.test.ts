import { withField } from '../../admin/config-file.ts';

const FILE = `{
  "twilio": { "accountSid": "AC1" },
  "flex": {
    "backEnd": "conversations",
    "routing": { "type": "studio" },
    "names": { "agent": "A \\"quoted\\" {name}", "list": [1, { "a": "]" }, []] }
  },
  "customers": {}
}
`;

describe('withField', () => {
  test('adds a field to an object on one line', () => {
    const changed = withField(FILE, 'flex.routing.flowSid', 'FW1');

    expect(changed).toBe(
      FILE.replace('{ "type": "studio" }', '{ "type": "studio", "flowSid": "FW1" }'),
    );
  });

  test('breaks a line that would get too long', () => {
    const sid = 'WW0123456789abcdef0123456789abcdef';
    const once = withField(FILE, 'flex.routing.flowSid', sid);

    const twice = withField(once, 'flex.routing.workflowSid', sid);

    expect(twice).toContain(
      `    "routing": {\n      "type": "studio",\n      "flowSid": "${sid}",\n      "workflowSid": "${sid}"\n    },\n`,
    );
  });

  test('adds a field on a line of its own where the others have theirs', () => {
    const changed = withField(FILE, 'flex.flexFlowSid', 'FO1');

    expect(changed).toContain('[]] },\n    "flexFlowSid": "FO1"\n  },\n');
    expect(changed.replace(',\n    "flexFlowSid": "FO1"', '')).toBe(FILE);
  });

  test('adds the first field of an empty object', () => {
    expect(withField(FILE, 'customers.name', 'x')).toContain('"customers": { "name": "x" }');
  });

  test('replaces a value and leaves all else as it is', () => {
    expect(withField(FILE, 'twilio.accountSid', 'AC2')).toBe(FILE.replace('AC1', 'AC2'));
  });

  test.each([
    'twilio.accountSid',
    'flex.backEnd',
    'flex.routing',
    'flex.names',
    'flex.names.agent',
  ])('removes %s so that valid JSON without it remains', (path) => {
    const expected = JSON.parse(FILE);
    const [section = '', field = '', inner] = path.split('.');
    if (inner === undefined) delete expected[section][field];
    else delete expected[section][field][inner];

    expect(JSON.parse(withField(FILE, path, undefined))).toEqual(expected);
  });

  test('undoes what it added', () => {
    const added = withField(FILE, 'flex.flexFlowSid', 'FO1');

    expect(withField(added, 'flex.flexFlowSid', undefined)).toBe(FILE);
  });

  test('leaves the text alone when there is nothing to remove', () => {
    expect(withField(FILE, 'flex.flexFlowSid', undefined)).toBe(FILE);
  });

  test('refuses a path through something that is no object', () => {
    expect(() => withField(FILE, 'flex.backEnd.sid', 'x')).toThrow('there is no object backEnd');
  });
});
