import { isWellFormedId, newId, newTraceId } from '#local/emulators/api-gateway/ids';

describe('ids', () => {
  test('are 16 characters of base64 that end in =, with + and / among them', () => {
    const ids = Array.from({ length: 200 }, () => newId(Math.random));

    expect(ids.every(isWellFormedId)).toBe(true);
    expect(ids.join('')).toContain('/');
    expect(ids.join('')).toContain('+');
    expect(new Set(ids).size).toBe(200);
  });

  test.each(['', 'Ab1cDeFgHiJkLmN', 'Ab1cDeFgHiJkLmNo', 'Ab1cDeFgHiJkLm==', 'Ab1cDeFgHiJkL%3D='])(
    'are not formed like %j',
    (id) => {
      expect(isWellFormedId(id)).toBe(false);
    },
  );

  test('of traces carry the time', () => {
    expect(newTraceId(Date.UTC(2026, 0, 1), () => 0)).toBe(`Root=1-6955b900-${'0'.repeat(24)}`);
  });
});
