import { Scalar } from "yaml";
import { localPath } from "./local-path";
import { goYaml } from "../private/carried-text";
import { filePath, oneLine } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

/** Where else a registry's images are pulled from. */
export interface RegistryMirror {
  /**
   * Addresses to try in this order, `http://` or `https://`, with or without a path; the registry itself comes last.
   *
   * @default [] - for K3s' embedded registry mirror (`serverConfig: { "embedded-registry": true }`), or with `rewrite` alone
   */
  readonly endpoint?: readonly string[];
  /**
   * Changes of image names on the mirror: regular expressions of Go, and what takes their place, like `{ "^library/(.*)": "mirror/$1" }`.
   *
   * @default {}
   */
  readonly rewrite?: Readonly<Record<string, string>>;
}

/** Who pulls from a registry. */
export interface RegistryAuth {
  /** Name of the user. */
  readonly username: string;
  /**
   * File on the machine that runs Terraform with the password on its only line, readable by its owner alone (mode 0600); `~/` stands for the
   * home directory. The text goes to the hosts' own 0600 file and nowhere else; the path is all that the state has, so a new
   * password is brought to the hosts by the next change of the cluster, or by `-replace` of its install step.
   */
  readonly passwordPath: string;
}

/** How a registry's TLS is checked. Files are on the machine that runs Terraform and are sent to the hosts. */
export interface RegistryTls {
  /**
   * File with the certificate authority (PEM).
   *
   * @default - the host's own authorities
   */
  readonly caPath?: string;
  /**
   * File with the client's certificate (PEM).
   *
   * @default - none
   */
  readonly certPath?: string;
  /**
   * File with the client certificate's private key (PEM), mode 0600.
   *
   * @default - none
   */
  readonly keyPath?: string;
  /**
   * Whether any certificate will do.
   *
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/** How the nodes talk to one registry or mirror. */
export interface RegistryConfig {
  /**
   * Who pulls.
   *
   * @default - anybody
   */
  readonly auth?: RegistryAuth;
  /**
   * How its TLS is checked.
   *
   * @default - by the host's own authorities
   */
  readonly tls?: RegistryTls;
}

/** Content of K3s' `registries.yaml` (https://docs.k3s.io/installation/private-registry). */
export interface K3sRegistries {
  /**
   * Mirrors by registry, `docker.io` or `registry.example.com:5000`; `*` stands for every other registry.
   *
   * @default {}
   */
  readonly mirrors?: Readonly<Record<string, RegistryMirror>>;
  /**
   * Access by registry or mirror, host and port as in the endpoint.
   *
   * @default {}
   */
  readonly configs?: Readonly<Record<string, RegistryConfig>>;
}

/** `registries.yaml` without what must not be in the state: each file's text or place is put in on the host. */
export interface RenderedRegistries {
  /** YAML; `!text N` stands for the only line of file N, `!place N` for where file N lies on the host. Empty where there is nothing to say. */
  readonly text: string;
  /** Absolute paths on the machine that runs Terraform, one a line after `secret` or `public`. */
  readonly files: string;
}

/** Renders the file; the numbers in it are those of the lines of `files`. */
export function renderRegistries({ mirrors = {}, configs = {} }: K3sRegistries): RenderedRegistries {
  const files: string[] = [];
  const sent = (tag: "!text" | "!place", secrecy: "secret" | "public", file: string | undefined) => {
    if (file === undefined) return undefined;
    const scalar = new Scalar(files.push(`${secrecy} ${localPath(file)}`) - 1);
    scalar.tag = tag;
    return scalar;
  };
  const configOf = ({ auth, tls }: RegistryConfig) => ({
    auth: auth && { username: auth.username, password: sent("!text", "secret", auth.passwordPath) },
    tls: tls && {
      ca_file: sent("!place", "public", tls.caPath),
      cert_file: sent("!place", "public", tls.certPath),
      key_file: sent("!place", "secret", tls.keyPath),
      insecure_skip_verify: tls.insecureSkipVerify,
    },
  });
  const rendered = {
    mirrors: nonEmpty(mirrors),
    configs: nonEmpty(Object.fromEntries(Object.entries(configs).map(([name, config]) => [name, configOf(config)]))),
  };
  const isEmpty = !rendered.mirrors && !rendered.configs;
  return { text: isEmpty ? "" : goYaml(rendered), files: files.join("\n") };
}

function nonEmpty<T extends object>(object: T): T | undefined {
  return Object.keys(object).length === 0 ? undefined : object;
}

const host = "([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+\\])(:\\d{1,5})?";

const registryName: Rule<string> = (value) =>
  new RegExp(`^(\\*|${host})$`).test(value)
    ? undefined
    : { must: "be named by host and port", use: 'a name like "docker.io" or "registry.example.com:5000", or "*"' };

const endpoint: Rule<string> = (value) =>
  new RegExp(`^https?://${host}(/[A-Za-z0-9._~%/-]*)?$`).test(value)
    ? undefined
    : {
        must: "be an http or https address without user, blanks or quotes",
        use: 'an address like "https://mirror.example.com:5000", and configs for the user',
      };

/** Records what is wrong with registries. */
export function checkRegistries(faults: Faults, { mirrors = {}, configs = {} }: K3sRegistries): void {
  for (const [name, mirror] of Object.entries(mirrors)) {
    const field = `registries.mirrors[${JSON.stringify(name)}]`;
    faults.check("registries.mirrors", name, registryName);
    mirror.endpoint?.forEach((address, index) => faults.check(`${field}.endpoint[${index}]`, address, endpoint));
    for (const [pattern, replacement] of Object.entries(mirror.rewrite ?? {})) {
      faults.check(`${field}.rewrite`, pattern, oneLine);
      faults.check(`${field}.rewrite[${JSON.stringify(pattern)}]`, replacement, oneLine);
    }
  }
  for (const [name, { auth, tls }] of Object.entries(configs)) {
    const field = `registries.configs[${JSON.stringify(name)}]`;
    faults
      .check("registries.configs", name, registryName)
      .check(`${field}.auth.username`, auth?.username, oneLine)
      .check(`${field}.auth.passwordPath`, auth?.passwordPath, filePath);
    if (tls) checkTls(faults, `${field}.tls`, tls);
  }
}

function checkTls(faults: Faults, field: string, tls: RegistryTls): void {
  for (const name of ["caPath", "certPath", "keyPath"] as const) faults.check(`${field}.${name}`, tls[name], filePath);
  if ((tls.certPath === undefined) !== (tls.keyPath === undefined)) {
    faults.add(`${field}.${tls.certPath === undefined ? "certPath" : "keyPath"}`, undefined, {
      must: "be given where the other half of the client certificate is",
      use: "certPath and keyPath together",
    });
  }
  if (tls.insecureSkipVerify === true && tls.caPath !== undefined) {
    faults.add(`${field}.insecureSkipVerify`, true, {
      must: "not be given with caPath, which it makes void",
      use: "caPath alone",
    });
  }
}
