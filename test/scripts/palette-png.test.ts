import { crc32, deflateSync } from 'node:zlib';
import { decode, toPalette } from '../../scripts/png/palette-png.ts';

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [head, tail] = [Buffer.alloc(4), Buffer.alloc(4)];
  head.writeUInt32BE(data.length);
  tail.writeUInt32BE(crc32(named));
  return Buffer.concat([head, named, tail]);
}

/** @param rows each its filter, then red, green and blue of each pixel, as the filter codes them. */
function aPng(width: number, rows: readonly number[][], type = 2): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, type], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('a PNG with a palette', () => {
  test('is read whatever filter a row has', () => {
    const { pixels } = decode(
      aPng(2, [
        [0, 1, 2, 3, 4, 5, 6],
        [1, 9, 9, 9, 1, 1, 1],
        [2, 1, 1, 1, 1, 1, 1],
        [3, 1, 1, 1, 1, 1, 1],
        [4, 1, 1, 1, 1, 1, 1],
      ]),
    );

    expect([...pixels].map((pixel) => pixel.toString(16).padStart(6, '0'))).toEqual([
      ...['010203', '040506'],
      ...['090909', '0a0a0a'],
      ...['0a0a0a', '0b0b0b'],
      ...['060606', '090909'],
      ...['070707', '0a0a0a'],
    ]);
  });

  test('keeps the frequent colours, and gives the others the nearest', () => {
    const shades = Array.from({ length: 256 }, (_, n) => [n, n, n]);
    const twice = [...shades, ...shades].flat();
    const png = aPng(513, [[0, ...twice, 200, 201, 202]]);

    const palette = toPalette(png);

    expect(palette.toString('latin1', 37, 41)).toBe('PLTE');
    const places = palette.subarray(41, 41 + 3 * 256);
    expect(new Set(Array.from({ length: 256 }, (_, n) => places[3 * n]))).toHaveProperty(
      'size',
      256,
    );
    expect(palette.length).toBeLessThan(1_800);
  });

  test('is not made of a picture of another kind', () => {
    expect(() => toPalette(aPng(1, [[0, 1]], 0))).toThrow('an unknown PNG');
  });
});
