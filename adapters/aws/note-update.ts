import type { ChannelNote } from '#core/session';
import type { ItemUpdate } from './dynamo-table.ts';
import { storedField } from './stored-chat.ts';

/** Changes single fields of the open chat of this number. `state` and `number` are reserved words. */
export function noteUpdate(chat: number, note: ChannelNote): ItemUpdate {
  const { reroutesFrom, set = {}, remove = [] } = note;
  const counts = reroutesFrom !== undefined;
  const fields = fieldsOf(set).map((field) => [storedField(field), set[field]] as const);
  const sets = [
    ...fields.map(([field]) => `chat.channel.${field} = :${field}`),
    ...(counts ? ['chat.reroutes = :reroutes'] : []),
  ];
  const removes = remove.map((field) => `chat.channel.${storedField(field)}`);
  return {
    expression: [
      ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
      ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
    ].join(' '),
    condition: [
      'chat.#number = :number',
      'chat.#state = :open',
      ...(counts ? [countIs(reroutesFrom)] : []),
    ].join(' AND '),
    names: { '#number': 'number', '#state': 'state' },
    values: {
      ':number': chat,
      ':open': 'open',
      ...Object.fromEntries(fields.map(([field, value]) => [`:${field}`, value])),
      ...(counts && { ':reroutes': reroutesFrom + 1 }),
      ...(counts && reroutesFrom > 0 && { ':reroutesFrom': reroutesFrom }),
    },
  };
}

const countIs = (count: number): string =>
  count === 0 ? 'attribute_not_exists(chat.reroutes)' : 'chat.reroutes = :reroutesFrom';

const fieldsOf = <Fields extends object>(fields: Fields): (keyof Fields)[] =>
  Object.keys(fields) as (keyof Fields)[];
