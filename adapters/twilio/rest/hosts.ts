/** Hosts of Twilio's products. */
export const PROGRAMMABLE_CHAT_HOST = 'chat.twilio.com';
export const CONVERSATIONS_HOST = 'conversations.twilio.com';
export const FLEX_HOST = 'flex-api.twilio.com';
export const TASKROUTER_HOST = 'taskrouter.twilio.com';
/** Tells whom a token of Flex's user interface belongs to. */
export const IAM_HOST = 'iam.twilio.com';
/** Content templates. */
export const CONTENT_HOST = 'content.twilio.com';
/** Files of both products' messages, in Twilio's region US1. */
export const MEDIA_HOST = 'mcs.us1.twilio.com';
