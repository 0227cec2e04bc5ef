import { listenerKeyOf } from './compile.ts';
import { HostnameTable } from './hostname.ts';
import type { Listener } from './listener.ts';
import type { ResourceIndex } from './resource-index.ts';

/** Which listener of a port gets the requests for a hostname. */
export class ListenerReach {
  readonly #ports = new Map<number, HostnameTable<string>>();

  constructor(index: ResourceIndex) {
    const sets = [...index.listenerSets.values()].map((set) => set.listeners);
    for (const listeners of [...index.gateways.values(), ...sets]) {
      for (const { port, scheme, hostname } of listeners) {
        const key = listenerKeyOf(port, scheme);
        const table = this.#ports.get(key) ?? new HostnameTable<string>();
        this.#ports.set(key, table);
        table.at(hostname, () => hostname);
      }
    }
  }

  /**
   * The hostname of another listener on the same port that takes every request for `hostname`, which
   * the given listener admits too: the more specific one gets the request, and only its routes
   * count. Null when the given listener keeps some.
   */
  takerOf(listener: Listener, hostname: string): string | null {
    const table = this.#ports.get(listenerKeyOf(listener.port, listener.scheme));
    // A wildcard is looked up like a name: what fits its suffix takes all that fall under it.
    const best = hostname === '' ? '' : table?.best(hostname);
    return best === undefined || best === listener.hostname ? null : best;
  }
}
