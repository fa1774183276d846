import { LOCAL_ACCOUNT, LOCAL_REGION } from '#local/assembly/assembly';

/** ARN of a part of an API, such as a stage's route or method. */
export const apiArn = (apiId: string, rest: string): string =>
  `arn:aws:execute-api:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${apiId}/${rest}`;

/** The public host, also locally: code that builds its callback address from an event fails here as on a custom domain. */
export const domainName = (apiId: string): string =>
  `${apiId}.execute-api.${LOCAL_REGION}.amazonaws.com`;
