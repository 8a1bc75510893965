import { parseAddress, parseSubnet } from "../private/ip-range";
import { dns1123Subdomain } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

/** What leads a cluster's own traffic through a proxy. */
export interface ProxySettings {
  /**
   * URL of the proxy for HTTP, like `http://proxy.example.com:3128`. Without user and password: they would stand in the Terraform state.
   *
   * @default - HTTP goes straight
   */
  readonly httpProxy?: string;
  /**
   * URL of the proxy for HTTPS; its scheme is how the proxy itself is spoken to, `http` or `https`.
   *
   * @default - HTTPS goes straight
   */
  readonly httpsProxy?: string;
  /**
   * What is reached without the proxy, beside what OpenShift adds itself: domains (`.example.com` for all names below), addresses and
   * networks in CIDR notation, or `*` alone for everything.
   *
   * @default []
   */
  readonly noProxy?: readonly string[];
}

const proxyUrl: Rule<string> = (value) => {
  const [, host = "", port] = /^https?:\/\/([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::([0-9]{1,5}))?\/?$/.exec(value) ?? [];
  const bare = host.replace(/^\[|\]$/g, "");
  const isHost = parseAddress(bare) !== undefined || (!/^[0-9.]*$/.test(bare) && !dns1123Subdomain(bare.toLowerCase()));
  if (isHost && (port === undefined || (Number(port) > 0 && Number(port) < 65536))) return undefined;
  return value.includes("@")
    ? {
        must: "hold no user and password, which would stand in the state",
        use: "a proxy that lets the nodes in by address",
      }
    : { must: "be the URL of a proxy", use: 'a URL like "http://proxy.example.com:3128"' };
};

const noProxyEntry: Rule<string> = (value) =>
  value === "*" ||
  parseAddress(value) !== undefined ||
  parseSubnet(value) !== undefined ||
  (!/^[0-9.]*$/.test(value) && !dns1123Subdomain(value.replace(/^\./, "").toLowerCase()))
    ? undefined
    : {
        must: "be a domain, an address, a network in CIDR notation or *",
        use: 'an entry like ".example.com" or "10.0.0.0/16"',
      };

/** Adds what is wrong with the settings; `field` stands before each name, like `proxy.`. */
export function checkProxy(
  faults: Faults,
  field: string,
  { httpProxy, httpsProxy, noProxy = [] }: ProxySettings,
): void {
  faults.check(`${field}httpProxy`, httpProxy, proxyUrl).check(`${field}httpsProxy`, httpsProxy, proxyUrl);
  noProxy.forEach((entry, index) => faults.check(`${field}noProxy[${index}]`, entry, noProxyEntry));
  if (noProxy.length > 1 && noProxy.includes("*"))
    faults.add(`${field}noProxy`, noProxy, { must: "hold * alone", use: '["*"], or the other entries' });
  if (httpProxy === undefined && httpsProxy === undefined)
    faults.add(`${field}httpProxy`, "nothing", { must: "be given, or httpsProxy", use: "at least one of them" });
}
