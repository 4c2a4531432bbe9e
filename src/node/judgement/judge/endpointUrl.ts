import { err, ok, type Result } from '../../../core/util/result.ts';
import type { Endpoint } from '../../../protocol/modelEndpoint.ts';

/**
 * The URL of an endpoint, when it may be asked: http(s) on this computer (`localhost`, 127.0.0.0/8, ::1), or on a host that
 * the person has named. A trace must not go elsewhere because of a word in a workspace's file.
 */
export function endpointUrl({ url, otherHosts = [] }: Endpoint): Result<URL> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    return err(`"${url}" is no address of a model: give one like http://127.0.0.1:11434/v1.`);
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') {
    return err('The address of a model has a host, a port and a path, and nothing else.');
  }
  const host = bareHost(parsed.hostname);
  if (!isLoopbackName(host) && !isNamed(host, otherHosts)) {
    return err(`${parsed.host} is not on this computer, so nothing of the trace is sent there.`);
  }
  return ok(parsed);
}

/** True when a host was named as one that may be asked although it is not on this computer. */
export function isNamed(host: string, otherHosts: readonly string[]): boolean {
  return otherHosts.some((other) => bareHost(other.trim().toLowerCase()) === bareHost(host));
}

/** True for an address that never leaves this computer. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}

/** A host as URLs have it, without the brackets of an IPv6 address. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

function isLoopbackName(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host);
}
