import { parseObject } from '#protocol/parse-object';

/**
 * A copy of what a page has handed over, as the server will get it: nobody changes it later,
 * and it can travel to other tabs, as a framework's proxies can not.
 * @returns undefined when it can't be told as a JSON object.
 */
export function jsonCopy<Value extends object>(value: Value): Value | undefined {
  try {
    return parseObject(JSON.stringify(value)) as Value | undefined;
  } catch {
    return undefined;
  }
}
