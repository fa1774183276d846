import { MemoryChannelIndex } from '#adapters/memory/memory-channel-index';
import { MemoryConnectionStore } from '#adapters/memory/memory-connection-store';
import { MemoryCustomerConnections } from '#adapters/memory/memory-customer-connections';
import { MemoryFlexMailbox } from '#adapters/memory/memory-flex-mailbox';
import { MemoryIdentityIndex } from '#adapters/memory/memory-identity-index';
import { MemoryMinuteCounters } from '#adapters/memory/memory-minute-counters';
import { MemorySessionCounters } from '#adapters/memory/memory-session-counters';
import { MemorySessionStore } from '#adapters/memory/memory-session-store';
import { MemorySessionTokens } from '#adapters/memory/memory-session-tokens';
import { MemoryTable } from '#adapters/memory/memory-table';
import { ChatError } from '#core/errors';
import { channelIndexContract } from '#test/contracts/channel-index.contract';
import { connectionStoreContract } from '#test/contracts/connection-store.contract';
import { customerConnectionsContract } from '#test/contracts/customer-connections.contract';
import { flexMailboxContract } from '#test/contracts/flex-mailbox.contract';
import { identityIndexContract } from '#test/contracts/identity-index.contract';
import { minuteCountersContract } from '#test/contracts/minute-counters.contract';
import { sessionCountersContract } from '#test/contracts/session-counters.contract';
import { sessionStoreContract } from '#test/contracts/session-store.contract';
import { sessionTokensContract } from '#test/contracts/session-tokens.contract';

const createStores = async () => {
  const table = new MemoryTable();
  return {
    sessions: new MemorySessionStore(table),
    connections: new MemoryConnectionStore(table),
  };
};

sessionStoreContract('MemorySessionStore', createStores);
connectionStoreContract('MemoryConnectionStore', createStores);
minuteCountersContract('MemoryMinuteCounters', async () => new MemoryMinuteCounters());
sessionCountersContract('MemorySessionCounters', async () => new MemorySessionCounters());
identityIndexContract(
  'MemoryIdentityIndex',
  async () => new MemoryIdentityIndex(new MemoryTable()),
);
channelIndexContract('MemoryChannelIndex', async () => new MemoryChannelIndex());
sessionTokensContract('MemorySessionTokens', () => new MemorySessionTokens());

flexMailboxContract('MemoryFlexMailbox', async () => {
  const mailbox = new MemoryFlexMailbox();
  return { mailbox, stored: async (id) => mailbox.letters(id) };
});

customerConnectionsContract('MemoryCustomerConnections', async () => {
  const customers = new MemoryCustomerConnections();
  return {
    customers,
    received: (connection) => customers.pushed(connection),
    close: (connection) => void customers.close(connection),
    fail: (connection, how) =>
      how === 'busy'
        ? customers.fail(connection, new ChatError('RATE_LIMITED', 'slow down'))
        : customers.fail(connection),
  };
});
