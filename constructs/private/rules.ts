import type { Rule } from "./validate";

/** RFC 1123 label, as Kubernetes asks of namespaces, nodes and most names put into DNS. */
export const dns1123Label: Rule<string> = (value) =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value)
    ? undefined
    : {
        must: "be a DNS-1123 label (1 to 63 of a-z, 0-9 and -, starting and ending with a letter or digit)",
        use: 'a name like "media-1"',
      };

/** RFC 1123 subdomain, as Kubernetes asks of most object names. */
export const dns1123Subdomain: Rule<string> = (value) =>
  value.length <= 253 && value.split(".").every((label) => !dns1123Label(label))
    ? undefined
    : {
        must: "be a DNS-1123 subdomain (labels of a-z, 0-9 and - joined by dots, 253 characters at most)",
        use: 'a name like "media.plane-1"',
      };

/** Linux interface name: IFNAMSIZ is 16 with the closing NUL (include/uapi/linux/if.h); `/`, `:` and blanks are refused. */
export const interfaceName: Rule<string> = (value) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/.test(value)
    ? undefined
    : {
        must: "be a Linux interface name (1 to 15 of letters, digits, dot, - and _, starting with a letter or digit)",
        use: 'the name that `ip link` shows, like "eth1" or "ens4.120"',
      };

/** A whole number inside bounds, both included. */
export function wholeNumber(lowest: number, highest: number, use?: string): Rule<number> {
  return (value) =>
    Number.isInteger(value) && value >= lowest && value <= highest
      ? undefined
      : { must: `be a whole number from ${lowest} to ${highest}`, use: use ?? `a number from ${lowest} to ${highest}` };
}

/** UDP or TCP port. */
export const port = wholeNumber(1, 65535);

/** IPv4 TTL or IPv6 hop limit of a datagram that may leave the host; 0 never leaves it (ip(7), IP_MULTICAST_TTL). */
export const ttl = wholeNumber(1, 255);

/** 68 is IPv4's least MTU (RFC 791), 65535 the kernel's ETH_MAX_MTU. */
export const mtu = wholeNumber(68, 65535);

/** An image that names what is run: a digest, or a tag other than the moving `latest`. */
export const imageReference: Rule<string> = (value) => {
  const wellFormed =
    /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:[0-9]+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
  const pinned = /(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/.test(value) && !value.endsWith(":latest");
  return wellFormed.test(value) && pinned
    ? undefined
    : {
        must: "be an image reference with a digest or a tag other than latest",
        use: 'a pinned image like "docker.io/library/node:22.21.0-slim@sha256:<64 hex digits>"',
      };
};

/** One of a fixed list of words. */
export function oneOf(words: readonly string[]): Rule<string> {
  const list = words.map((word) => JSON.stringify(word)).join(", ");
  return (value) => (words.includes(value) ? undefined : { must: `be one of ${list}`, use: "one of these" });
}

/** Key of a Kubernetes label or annotation: an optional DNS prefix and a name (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/). */
export const qualifiedName: Rule<string> = (value) => {
  const [name = "", prefix, ...rest] = value.split("/").reverse();
  const isName = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(name);
  return isName && rest.length === 0 && (prefix === undefined || !dns1123Subdomain(prefix))
    ? undefined
    : {
        must: "be a qualified name (63 of letters, digits, -, _ and dot, after an optional DNS prefix and /)",
        use: 'a key like "team" or "example.com/team"',
      };
};

/** Value of a Kubernetes label. */
export const labelValue: Rule<string> = (value) =>
  /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/.test(value)
    ? undefined
    : {
        must: "be a label value (63 of letters, digits, -, _ and dot, starting and ending with a letter or digit, or empty)",
        use: "an annotation for any other text",
      };

/** Text that Terraform and the API server keep byte for byte: Terraform normalises to NFC, drops a leading byte order mark and refuses NUL (https://github.com/zclconf/go-cty/blob/main/docs/types.md#ctystring). */
export const storableText: Rule<string> = (value) =>
  !/^\ufeff|\0/.test(value) && !/\p{Surrogate}/u.test(value) && value === value.normalize("NFC")
    ? undefined
    : {
        must: "be well-formed Unicode in normal form C without NUL or leading byte order mark",
        use: '`text.normalize("NFC")` without NUL',
      };

/** One line of text for a file that is written on a host, not empty. */
export const oneLine: Rule<string> = (value) =>
  value !== "" && !hasControlCharacter(value) && !storableText(value)
    ? undefined
    : { must: "be one line of text", use: "text without control characters, in Unicode's normal form C" };

/** A file path that no later reader can take for several lines, an option or another path. */
export const filePath: Rule<string> = (value) =>
  /^(\/|~\/|\.{1,2}\/|[A-Za-z0-9_])/.test(value) && !hasControlCharacter(value) && !storableText(value)
    ? undefined
    : {
        must: "be a file path without control characters, in Unicode's normal form C",
        use: 'a path like "/etc/lab/key" or "~/.ssh/lab"',
      };

/** SHA-256 digest as `sha256sum` prints it. */
export const sha256: Rule<string> = (value) =>
  /^[0-9a-f]{64}$/.test(value)
    ? undefined
    : { must: "be a SHA-256 digest of 64 lower-case hex digits", use: "the first column that `sha256sum FILE` prints" };

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < " " || character === "\u007f");
}

/** A share in percent that leaves something. */
export const percent: Rule<number> = (value) =>
  value >= 0 && value < 100 ? undefined : { must: "be a percentage from 0 to below 100", use: "a number like 1" };
