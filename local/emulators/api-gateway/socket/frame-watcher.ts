const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;
const MASK_BYTES = 4;

/**
 * Follows the raw bytes that a client sends and tells the payload length of each frame as soon as
 * its header is there. The `ws` library limits whole messages only, API Gateway limits frames too.
 * Source: RFC 6455, section 5.2.
 */
export class FrameWatcher {
  readonly #onFrame: (payloadBytes: number) => void;
  #header = Buffer.alloc(0);
  #payloadLeft = 0;

  constructor(onFrame: (payloadBytes: number) => void) {
    this.#onFrame = onFrame;
  }

  read(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      const skipped = Math.min(this.#payloadLeft, rest.length);
      this.#payloadLeft -= skipped;
      rest = this.#readHeader(rest.subarray(skipped));
    }
  }

  /** @returns what follows the header, or nothing when the header is still incomplete. */
  #readHeader(bytes: Buffer): Buffer {
    if (bytes.length === 0) return bytes;
    const seen = this.#header.length;
    const header = Buffer.concat([this.#header, bytes]);
    const length = headerLength(header);
    if (length === undefined || header.length < length) {
      this.#header = header;
      return Buffer.alloc(0);
    }
    this.#header = Buffer.alloc(0);
    this.#payloadLeft = payloadLength(header);
    this.#onFrame(this.#payloadLeft);
    return bytes.subarray(length - seen);
  }
}

function headerLength(header: Buffer): number | undefined {
  if (header.length < 2) return undefined;
  const masked = (header.readUInt8(1) & 0x80) !== 0;
  return 2 + extendedLength(header) + (masked ? MASK_BYTES : 0);
}

function extendedLength(header: Buffer): number {
  const short = header.readUInt8(1) & 0x7f;
  if (short === LENGTH_IN_16_BITS) return 2;
  return short === LENGTH_IN_64_BITS ? 8 : 0;
}

function payloadLength(header: Buffer): number {
  const short = header.readUInt8(1) & 0x7f;
  if (short === LENGTH_IN_16_BITS) return header.readUInt16BE(2);
  return short === LENGTH_IN_64_BITS ? Number(header.readBigUInt64BE(2)) : short;
}
