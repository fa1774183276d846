/** The form of a request over which Signature Version 4 is computed. */
import type { AwsRequest } from './aws-service.ts';

/** @param signedHeaders lower-case names in the order of the `Authorization` header. */
export function canonicalRequest(
  { method, path, headers }: AwsRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
  service: string,
): string {
  const [pathname = '', query = ''] = splitOnce(path, '?');
  const headerLines = signedHeaders.map(
    (name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`,
  );
  return [
    method,
    service === 's3' ? pathname : canonicalPath(pathname),
    canonicalQuery(query),
    headerLines.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** Every service but S3 signs the path encoded twice: once on the wire, once more here. */
function canonicalPath(pathname: string): string {
  return pathname.split('/').map(encode).join('/');
}

/** Taken as encoded on the wire: a client that encodes otherwise is refused, as its signature differs. */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => (pair.includes('=') ? pair : `${pair}=`));
  return pairs.sort().join('&');
}

/** RFC 3986: `encodeURIComponent` leaves five characters that AWS encodes. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
