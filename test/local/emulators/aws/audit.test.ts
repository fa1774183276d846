import { AuditTrail } from '#local/emulators/aws/audit';

describe('AuditTrail', () => {
  test('keeps the last 10,000 calls', () => {
    const trail = new AuditTrail();
    const entry = { service: '', action: '', resource: '', allowed: true, status: 200, at: '' };

    for (let i = 0; i < 10_001; i++) trail.add({ ...entry, caller: `${i}` });

    expect(trail.entries).toHaveLength(10_000);
    expect(trail.entries[0]?.caller).toBe('1');
  });
});
