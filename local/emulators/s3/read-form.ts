import { S3Error } from './s3-error.ts';

/** Of everything besides the file. */
const MAX_FIELDS_BYTES = 20 * 1024;

export interface UploadForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Buffer;
}

/**
 * Reads a form as S3 does: what comes after the file is not looked at.
 * @throws S3Error
 */
export async function readForm(contentType: string, body: Buffer): Promise<UploadForm> {
  const fields = new Map<string, string>();
  let bytes = 0;
  for (const [name, value] of await parts(contentType, body)) {
    if (name.toLowerCase() === 'file') {
      const file = typeof value === 'string' ? Buffer.from(value) : await bytesOf(value);
      return { fields, file };
    }
    const text = typeof value === 'string' ? value : await value.text();
    bytes += name.length + text.length;
    if (bytes > MAX_FIELDS_BYTES) {
      throw new S3Error(
        400,
        'MaxPostPreDataLengthExceeded',
        'Your POST request fields preceding the upload file were too large.',
      );
    }
    fields.set(name.toLowerCase(), text);
  }
  throw new S3Error(400, 'InvalidArgument', 'POST requires exactly one file upload per request.');
}

async function parts(contentType: string, body: Buffer): Promise<[string, string | Blob][]> {
  try {
    const response = new Response(new Uint8Array(body), {
      headers: { 'content-type': contentType },
    });
    return [...(await response.formData())] as [string, string | Blob][];
  } catch {
    throw new S3Error(
      400,
      'MalformedPOSTRequest',
      'The body of your POST request is not well-formed multipart/form-data.',
    );
  }
}

const bytesOf = async (file: Blob): Promise<Buffer> => Buffer.from(await file.arrayBuffer());
