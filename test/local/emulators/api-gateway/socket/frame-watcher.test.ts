import { randomBytes } from 'node:crypto';
import { FrameWatcher } from '#local/emulators/api-gateway/socket/frame-watcher';

/** A text frame of a client, its payload masked with zeros. */
function aFrame(payloadBytes: number): Buffer {
  const mask = Buffer.alloc(4);
  return Buffer.concat([
    Buffer.of(0x81),
    lengthField(payloadBytes),
    mask,
    randomBytes(payloadBytes),
  ]);
}

function lengthField(payloadBytes: number): Buffer {
  if (payloadBytes < 126) return Buffer.of(0x80 | payloadBytes);
  const field = Buffer.alloc(payloadBytes < 65_536 ? 3 : 9);
  field[0] = 0x80 | (payloadBytes < 65_536 ? 126 : 127);
  if (payloadBytes < 65_536) field.writeUInt16BE(payloadBytes, 1);
  else field.writeBigUInt64BE(BigInt(payloadBytes), 1);
  return field;
}

function lengthsSeen(chunks: readonly Buffer[]): number[] {
  const lengths: number[] = [];
  const watcher = new FrameWatcher((bytes) => lengths.push(bytes));
  for (const chunk of chunks) watcher.read(chunk);
  return lengths;
}

const LENGTHS = [0, 1, 125, 126, 65_535, 65_536, 5, 0];
const STREAM = Buffer.concat(LENGTHS.map(aFrame));

describe('frame watcher', () => {
  test.each([1, 2, 3, 7, 1000, 65_536, STREAM.length])(
    'tells each length once when the bytes come in pieces of %d',
    (size) => {
      const chunks = Array.from({ length: Math.ceil(STREAM.length / size) }, (_, i) =>
        STREAM.subarray(i * size, (i + 1) * size),
      );

      expect(lengthsSeen(chunks)).toEqual(LENGTHS);
    },
  );

  test('tells the length before the payload is there', () => {
    expect(lengthsSeen([aFrame(70_000).subarray(0, 14)])).toEqual([70_000]);
  });

  test('tells nothing of a header that is incomplete', () => {
    expect(lengthsSeen([aFrame(70_000).subarray(0, 13)])).toEqual([]);
  });
});
