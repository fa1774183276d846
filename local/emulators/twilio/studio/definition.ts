/** Definitions of Studio flows, as far as they are looked into. */

export interface Widget {
  readonly name: string;
  /** Such as `send-message`. */
  readonly type: string;
  readonly transitions: readonly { readonly event: string; readonly next?: string }[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface FlowDefinition {
  readonly description?: string;
  /** Name of the widget that is the trigger. */
  readonly initial_state: string;
  readonly states: readonly Widget[];
}

/** Something that Studio refuses, and where. */
export interface DefinitionFault {
  readonly message: string;
  /** Such as `#/states/0/name`. */
  readonly property_path: string;
}

/** What the widgets that run here cannot do without. */
const NEEDED_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  'send-message': ['body'],
  'send-to-flex': ['workflow', 'channel'],
};

/** @returns what is wrong with a definition; nothing for a `FlowDefinition`. */
export function definitionFaults(definition: unknown): DefinitionFault[] {
  if (!isObject(definition)) return [fault('expected an object', '#')];
  const { states, initial_state: initial } = definition;
  if (!Array.isArray(states) || states.length === 0) {
    return [fault('expected a list of widgets', '#/states')];
  }
  const names = states.map((state) => (isObject(state) ? state['name'] : undefined));
  const faults = states.flatMap((state, index) => widgetFaults(state, `#/states/${index}`, names));
  const first = states.find((state) => isObject(state) && state['name'] === initial);
  if (first === undefined) faults.push(fault('names no widget', '#/initial_state'));
  else if (first['type'] !== 'trigger') faults.push(fault('is no trigger', '#/initial_state'));
  return faults;
}

function widgetFaults(widget: unknown, path: string, names: readonly unknown[]): DefinitionFault[] {
  if (!isObject(widget)) return [fault('expected an object', path)];
  const { name, type, transitions, properties } = widget;
  if (!isText(name)) return [fault('expected a text', `${path}/name`)];
  if (!isText(type)) return [fault('expected a text', `${path}/type`)];
  if (!Array.isArray(transitions)) return [fault('expected a list', `${path}/transitions`)];
  const isRepeated = names.filter((each) => each === name).length > 1;
  return [
    ...(isRepeated ? [fault(`${name} is there twice`, `${path}/name`)] : []),
    ...transitions.flatMap((each, index) =>
      transitionFaults(each, `${path}/transitions/${index}`, names),
    ),
    ...(NEEDED_PROPERTIES[type] ?? [])
      .filter((each) => !isObject(properties) || !isText(properties[each]))
      .map((each) => fault('is required', `${path}/properties/${each}`)),
  ];
}

function transitionFaults(
  transition: unknown,
  path: string,
  names: readonly unknown[],
): DefinitionFault[] {
  if (!isObject(transition) || !isText(transition['event'])) {
    return [fault('expected a text', `${path}/event`)];
  }
  const { next } = transition;
  if (next === undefined || names.includes(next)) return [];
  return [fault(`${String(next)} is no widget`, `${path}/next`)];
}

const fault = (message: string, path: string): DefinitionFault => ({
  message,
  property_path: path,
});

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
