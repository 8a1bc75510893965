import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { ProbeConfig } from "../../probe/config";
import { providersOf } from "../cluster/cluster";
import type { INamespace } from "../namespace/namespace";
import { ConfigMapV1, SecretV1 } from "../private/kubernetes";
import { stackAsset } from "../private/script-step";
import { Construct, Fn, type ITerraformDependable } from "../private/terraform";
import { literalText } from "../private/terraform-text";
import type { DeploymentIdentity } from "./deployment-identity";
import { checkLabels, KEY_DIRECTORY, KEY_FILE, metadata, PROBE_DIRECTORY } from "./pod-spec";

/** The checked-in program. */
export const PROBE_PATH = path.join(__dirname, "assets/probe.cjs");

/** Props of {@link ProbeFiles}. */
export interface ProbeFilesProps {
  /** Namespace of the ConfigMap. */
  readonly namespace: INamespace;
  /** Name of the check, the start of the ConfigMap's name. */
  readonly checkName: string;
  /** Configurations by the name of the pod that reads them. */
  readonly configs: Readonly<Record<string, ProbeConfig>>;
  /** Whose key the pods share; none where undefined. */
  readonly identity?: DeploymentIdentity;
}

/**
 * The probe and the configurations of one check's pods, in a ConfigMap: any image with Node.js then serves. The deployment's key is in a
 * Secret beside it.
 */
export class ProbeFiles extends Construct {
  public readonly resource: ConfigMapV1;
  /** Name of the Secret with the key, where there is one. It is another for another deployment, so that pods with another key are replaced. */
  public readonly secretName?: string;
  /** What must be applied before a pod can read its files. */
  public readonly ready: ITerraformDependable[];
  /** Holds a hash of the content, so that pods with changed files are replaced. */
  public readonly configMapName: string;

  public constructor(scope: Construct, id: string, { namespace, checkName, configs, identity }: ProbeFilesProps) {
    super(scope, id);
    const texts = Object.entries(configs).map(([name, config]) => [`${name}.json`, JSON.stringify(config)] as const);
    const hash = createHash("sha256").update(readFileSync(PROBE_PATH)).update(JSON.stringify(texts)).digest("hex");
    this.configMapName = `${checkName}-probe-${hash.slice(0, 8)}`;
    this.resource = new ConfigMapV1(this, "Resource", {
      provider: providersOf(this, namespace.cluster).kubernetes,
      metadata: metadata(namespace, this.configMapName, checkLabels(checkName, "probe")),
      immutable: true,
      data: {
        // Marked sensitive for the reader's sake: a plan need not print the program.
        "probe.cjs": Fn.sensitive(Fn.file(probeAsset(this))),
        ...Object.fromEntries(texts.map(([name, text]) => [name, literalText(text)])),
      },
      dependsOn: namespace.ready,
    });
    this.secretName = identity && `${checkName}-key-${identity.nameSuffix}`;
    this.ready = [this.resource, ...(identity ? [this.secret(namespace, checkName, identity)] : [])];
  }

  private secret(namespace: INamespace, checkName: string, identity: DeploymentIdentity): SecretV1 {
    return new SecretV1(this, "Key", {
      provider: providersOf(this, namespace.cluster).kubernetes,
      metadata: metadata(namespace, this.secretName ?? "", checkLabels(checkName, "key")),
      immutable: true,
      data: { [KEY_FILE]: identity.key },
      dependsOn: namespace.ready,
    });
  }

  /** Argument list that runs the probe with the configuration of that name. */
  public command(config: string): string[] {
    const key = this.secretName === undefined ? [] : [`${KEY_DIRECTORY}/${KEY_FILE}`];
    return ["node", `${PROBE_DIRECTORY}/probe.cjs`, `${PROBE_DIRECTORY}/${config}.json`, ...key];
  }
}

/** The program's path inside the synthesised stack. */
export function probeAsset(scope: Construct): string {
  return stackAsset(scope, "ProbeProgram", PROBE_PATH);
}
