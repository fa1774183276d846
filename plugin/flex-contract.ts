/**
 * What this plugin uses of Flex's user interface, and no more: the packages with the whole of it
 * weigh more than this project. Everything may be missing, as releases change what is there.
 * Source: npm `@twilio/flex-ui` 2.17.1, `@twilio/conversations` 3.0.1, `@twilio/flex-plugin` 7.1.2.
 */

/** As Flex passes it to listeners; which of the fields a release gives differs. */
export interface ActionPayload {
  readonly conversationSid?: unknown;
  readonly conversation?: { readonly source?: { readonly sid?: unknown } };
}

export interface Participant {
  readonly identity?: string | null;
  /** JSON, parsed by the SDK. */
  readonly attributes?: unknown;
  readonly conversation?: { readonly sid?: string };
}

export interface ConversationsClient {
  on?(
    event: 'participantUpdated',
    listener: (update: {
      readonly participant?: Participant;
      readonly updateReasons?: readonly string[];
    }) => void,
  ): unknown;
  on?(
    event: 'messageAdded',
    listener: (message: {
      readonly author?: string | null;
      readonly conversation?: { readonly sid?: string };
    }) => void,
  ): unknown;
}

export interface Manager {
  readonly user?: { readonly token?: unknown };
  readonly conversationsClient?: ConversationsClient;
}

export interface Flex {
  readonly Actions?: {
    addListener?(name: 'afterSendTyping', listener: (payload: ActionPayload) => void): unknown;
  };
  readonly MessageList?: {
    readonly Content?: {
      add?(element: unknown, options: { readonly sortOrder: number }): unknown;
    };
  };
  readonly Plugins?: { init?(plugin: new () => unknown): unknown };
}

/** Of the host's React, which draws what the plugin adds. */
export interface React {
  createElement(component: unknown, props: object | null, ...children: unknown[]): unknown;
  useReducer(reduce: (state: number) => number, initial: number): [number, () => void];
  useEffect(effect: () => () => void, dependencies: readonly unknown[]): void;
}

/** Of Flex's page. */
export interface Host {
  readonly Twilio?: { readonly Flex?: Flex };
  readonly React?: React;
}
