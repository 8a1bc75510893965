import fs from "node:fs/promises";
import path from "node:path";
import type { Artifacts } from "../embedded/artifacts";
import { runOnHost, type Lab } from "../embedded/hosts";
import { labFiles } from "./lab-files";
import { kubectlOf } from "./measured";

/** What is asked of the cluster: nothing that holds secrets. */
const CLUSTER_QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  nodes: ["get", "nodes", "--output=wide"],
  pods: ["get", "pods", "--all-namespaces", "--output=wide"],
  "pod-descriptions": ["describe", "pods", "--all-namespaces"],
  events: ["get", "events", "--all-namespaces", "--sort-by=.lastTimestamp"],
  "network-attachment-definitions": ["get", "network-attachment-definitions", "--all-namespaces", "--output=yaml"],
};

/** What is asked of each host. The Multus kubeconfig beside the CNI configuration is left out: it holds a token. */
const HOST_QUESTIONS: Readonly<Record<string, string>> = {
  links: "ip -d link",
  addresses: "ip address; ip route show table all",
  "cni-configuration": "find / -xdev -path '*/cni/net.d/*.conf*' -type f -print -exec cat {} +",
  journal: "journalctl --boot --no-pager --lines=3000 --unit='k3s*'",
  processes: "ps -eo pid,ppid,stat,etime,comm",
};

/** Gathers evidence after a deploy that failed; returns its directory. */
export async function writeFailureBundle(lab: Lab, artifacts: Artifacts): Promise<string> {
  const stamp = new Date().toISOString().replace(/[:.]/g, "-");
  const directory = path.join(labFiles(lab).reports, `failure-${stamp}`);
  await fs.mkdir(directory, { recursive: true, mode: 0o700 });
  const kubectl = kubectlOf(lab, artifacts);
  const answers = [
    ...Object.entries(CLUSTER_QUESTIONS).map(([name, args]) => ask(`cluster-${name}`, kubectl.text(args))),
    ...lab.hosts.flatMap((host) =>
      Object.entries(HOST_QUESTIONS).map(([name, command]) =>
        ask(
          `${host.name}-${name}`,
          runOnHost(lab, host, command).then(({ stdout }) => stdout),
        ),
      ),
    ),
    ask("cluster-logs", podLogs(lab, artifacts)),
  ];
  for (const { name, text } of await Promise.all(answers)) {
    await fs.writeFile(path.join(directory, `${name}.txt`), text, { mode: 0o600 });
  }
  return directory;
}

async function podLogs(lab: Lab, artifacts: Artifacts): Promise<string> {
  const kubectl = kubectlOf(lab, artifacts);
  const names = await kubectl.text([
    "get",
    "pods",
    "--all-namespaces",
    "--output=jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name}{'\\n'}{end}",
  ]);
  const pods = names
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" "));
  const logs = pods.map(async ([namespace = "", pod = ""]) => {
    const args = ["logs", pod, "--namespace", namespace, "--all-containers", "--tail=200"];
    return `--- ${namespace}/${pod}\n${await kubectl.text(args).catch((error: Error) => error.message)}`;
  });
  return (await Promise.all(logs)).join("\n");
}

/** A question that fails has its error for an answer: after a failed deploy much may not answer. */
async function ask(name: string, answer: Promise<string>): Promise<{ name: string; text: string }> {
  return { name, text: await answer.catch((error: Error) => `${error.message}\n`) };
}
