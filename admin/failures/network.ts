/** Failures on the way to AWS and Twilio, and of files, by the code of the error. */
import type { Failure } from './failure.ts';

const CHECK_NETWORK = 'check the network and the proxy';

const cut: Failure = {
  cause: 'the connection was cut before the answer was there',
  cure: CHECK_NETWORK,
  isPassing: true,
};
const late: Failure = { cause: 'no answer in time', cure: CHECK_NETWORK, isPassing: true };
const unknownHost: Failure = {
  cause: 'there is no such address',
  cure: 'check network, DNS and proxy, AWS_REGION, and the addresses of the command line',
  isPassing: true,
};
const closed: Failure = {
  cause: 'nobody answers at the address',
  cure: 'check the addresses of the command line, and the proxy; a local stack has to be running',
  isPassing: true,
};
const unreachable: Failure = {
  cause: 'there is no way to it',
  cure: CHECK_NETWORK,
  isPassing: true,
};
const untrusted: Failure = {
  cause: 'its certificate is not trusted',
  cure: "a proxy may have put its own in place: name the proxy's in NODE_EXTRA_CA_CERTS",
};
const noTls: Failure = {
  cause: 'what answers there does not speak TLS',
  cure: 'check the address, http or https, and the proxy',
};
const forbidden: Failure = {
  cause: 'this user may not read or write it',
  cure: 'give the user access to it',
};

const BY_CODE: Readonly<Record<string, Failure>> = {
  CERT_HAS_EXPIRED: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  EACCES: forbidden,
  EAI_AGAIN: unknownHost,
  ECONNABORTED: late,
  ECONNREFUSED: closed,
  ECONNRESET: cut,
  EHOSTUNREACH: unreachable,
  EISDIR: { cause: 'it is a directory', cure: 'name a file' },
  ENETUNREACH: unreachable,
  ENOENT: { cause: 'it does not exist', cure: 'check the path' },
  ENOSPC: { cause: 'the disk is full', cure: 'make room on it' },
  ENOTFOUND: unknownHost,
  EPERM: forbidden,
  EPIPE: cut,
  EPROTO: noTls,
  EROFS: forbidden,
  ERR_INVALID_URL: {
    cause: 'it is no address',
    cure: 'check the addresses of the command line, AWS_ENDPOINT_URL and HTTP_PROXY: each begins with http:// or https://',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
  ETIMEDOUT: late,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UND_ERR_CONNECT_TIMEOUT: late,
  UND_ERR_SOCKET: cut,
};

/** By what the error says, where it has no code. */
const BY_MESSAGE: readonly (readonly [RegExp, Failure])[] = [
  [/socket hang up|aborted/i, cut],
  [/timed? ?out|timeout/i, late],
  [/Invalid URL/, BY_CODE['ERR_INVALID_URL'] as Failure],
];

/** @returns undefined for any other error. */
export function networkFailure(error: NodeJS.ErrnoException): Failure | undefined {
  const { name, message, code = '', path } = error;
  const known =
    BY_CODE[code] ??
    (code.startsWith('ERR_SSL') ? noTls : undefined) ??
    BY_MESSAGE.find(([pattern]) => pattern.test(`${name} ${message}`))?.[1];
  // Errors of several attempts at once have no message.
  const said = message || code;
  return known && { ...known, cause: `${path ?? said}: ${known.cause}` };
}
