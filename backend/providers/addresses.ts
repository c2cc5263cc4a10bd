// Which network addresses a provider account may lead to: a base URL is typed in by a person of one tenant, and what it
// reaches is reached from our network.
import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { ProviderFault } from './faults.ts';

/**
 * `public`: only addresses of the internet. `private`: this computer and its networks too, as local servers are meant
 * to be reached. `any`: link-local ones too, where clouds answer with the machine's own credentials.
 */
export const addressPolicies = ['public', 'private', 'any'] as const;
export type AddressPolicy = (typeof addressPolicies)[number];

function listOf(nets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const net of nets) {
    const [address = '', bits = ''] = net.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

// Where clouds keep their metadata, and what else only this link knows.
const linkLocal = listOf(['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32']);
// This computer, private networks, carriers' NAT, benchmarks, documentation, multicast and what is reserved.
const inside = listOf([
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24',
  '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  '::/128', '::1/128', '64:ff9b:1::/48', '100::/64', '2001:db8::/32', 'fc00::/7', 'fec0::/10', 'ff00::/8',
]);

/** The IPv4 address that an IPv6 one only carries (mapped, NAT64, 6to4), as text; null: none. */
function carried(address: string): string | null {
  const url = URL.parse(`http://[${address}]`);
  if (!url) return null;
  const [head = '', tail = ''] = url.hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const words = [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right].map((word) => Number.parseInt(word, 16));
  const dotted = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const zero = (from: number, to: number): boolean => words.slice(from, to).every((word) => word === 0);
  if (zero(0, 5) && words[5] === 0xffff) return dotted(words[6]!, words[7]!);
  if (zero(0, 6) && (words[6] !== 0 || words[7]! > 1)) return dotted(words[6]!, words[7]!);
  if (words[0] === 0x64 && words[1] === 0xff9b && zero(2, 6)) return dotted(words[6]!, words[7]!);
  return words[0] === 0x2002 ? dotted(words[1]!, words[2]!) : null;
}

/** Whether an IP address may be reached. */
export function mayReach(address: string, policy: AddressPolicy): boolean {
  const plain = address.split('%')[0]!;
  const version = isIP(plain);
  if (version === 0) return false;
  if (policy === 'any') return true;
  if (version === 6) {
    const inner = carried(plain);
    if (inner !== null) return mayReach(inner, policy);
  }
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (linkLocal.check(plain, family)) return false;
  return policy === 'private' || !inside.check(plain, family);
}

function refused(host: string, policy: AddressPolicy): ProviderFault {
  const how = policy === 'public' ? 'Only addresses of the internet may be used here; the operator can allow others with SIGNALBOX_PROVIDER_ADDRESSES=private.' : 'Link-local addresses may not be used here.';
  return new ProviderFault('provider_address_refused', `${host} is not an address that may be called. ${how}`);
}

/** Refuses a host that is written as an address; a name is looked at when it is resolved. */
export function checkHost(hostname: string, policy: AddressPolicy): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayReach(host, policy)) throw refused(host, policy);
}

/**
 * Resolves a name for a connection, to those of its addresses that may be reached. What was checked is what is connected
 * to: a name that answers differently the second time gains nothing.
 */
export function guardedLookup(policy: AddressPolicy): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return done(error, '');
      const reachable = found.filter(({ address }) => mayReach(address, policy));
      const [first] = reachable;
      if (!first) return done(refused(hostname, policy), '');
      return options.all ? done(null, reachable) : done(null, first.address, first.family);
    });
  };
}
