/** What both products are told of the Flex account. */
export interface FlexConfig {
  /** `IS…`: the Flex chat service, which has to be the account's default one. */
  readonly chatServiceSid: string;
  /** `WS…` */
  readonly workspaceSid: string;
  /** Public base URL of our webhooks, without a trailing slash. */
  readonly webhookUrl: string;
  /** What customers see where Flex tells no name. */
  readonly names: FallbackNames;
}

export interface FallbackNames {
  readonly agent: string;
  readonly bot: string;
}
