/**
 * Every string field of networks, attachments and namespaces against texts that something on the way could take for
 * more than text: each is refused with a ValidationError, or reaches the API server byte for byte.
 */
import { providersOf } from "../../constructs/cluster/cluster";
import { AdoptedNamespace } from "../../constructs/namespace/adopted-namespace";
import { MulticastNamespace } from "../../constructs/namespace/multicast-namespace";
import { Attachment, networksAnnotation } from "../../constructs/network/attachment";
import { checkAttachments } from "../../constructs/network/attachment-rules";
import { BridgeNetwork } from "../../constructs/network/bridge-network";
import { Ipam } from "../../constructs/network/ipam";
import type { IpvlanMode } from "../../constructs/network/ipvlan-mode";
import { IpvlanNetwork } from "../../constructs/network/ipvlan-network";
import type { MacvlanMode } from "../../constructs/network/macvlan-mode";
import { MacvlanNetwork, type MacvlanNetworkProps } from "../../constructs/network/macvlan-network";
import { NetworkAttachmentDefinition } from "../../constructs/network/network-attachment-definition";
import { PodV1 } from "../../constructs/private/kubernetes";
import { Faults } from "../../constructs/private/validate";
import { DenyAllPolicy } from "../../constructs/verification/deny-all-policy";
import { attach } from "../../constructs/workload/attach";
import { changedTexts, outcome, type Field } from "../helpers/hostile-fields";
import { hostileTexts } from "../helpers/hostile-texts";
import { nodeOfSpec } from "../helpers/placement";
import { stored } from "../helpers/synth";
import { surroundings, TestCluster } from "../helpers/test-cluster";

function definition(config: (text: string) => Record<string, unknown>, path: (text: string) => string[]): Field {
  return (stack, text) => {
    new NetworkAttachmentDefinition(stack, "Plane", { ...surroundings(stack), config: { type: "x", ...config(text) } });
    return (result) => valueAt(result.nad("plane"), path(text));
  };
}

function valueAt(object: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (value as Record<string, unknown>)[key], object);
}

function macvlan(props: (text: string) => Partial<MacvlanNetworkProps>, path: string): Field {
  return (stack, text) => {
    const ipam = Ipam.static();
    const network = new MacvlanNetwork(stack, "Plane", {
      ...surroundings(stack),
      master: "eth1",
      ipam,
      ...props(text),
    });
    return (result) => valueAt(result.nad(network.networkName), path.split("/"));
  };
}

function ipam(make: (text: string) => Ipam, path: string): Field {
  return macvlan((text) => ({ ipam: make(text) }), `ipam/${path}`);
}

function attachment(props: (text: string) => Parameters<typeof Attachment.of>[1], path: string): Field {
  return (stack, text) => {
    const { multus, namespace } = surroundings(stack);
    const network = new MacvlanNetwork(stack, "Plane", { multus, namespace, master: "eth1", ipam: Ipam.static() });
    const attached = [Attachment.of(network, props(text))];
    const faults = new Faults(network);
    checkAttachments(faults, attached);
    faults.throwIfAny();
    const annotations = { networks: networksAnnotation(attached) };
    new PodV1(stack, "Pod", { metadata: { name: "pod", annotations }, spec: {} });
    return (result) => {
      const [metadata] = [result.only("kubernetes_pod_v1").metadata].flat() as { annotations: { networks: string } }[];
      return valueAt(JSON.parse(stored(metadata!.annotations.networks)), ["0", ...path.split("/")]);
    };
  };
}

function namespace(props: (text: string) => object, path: (text: string) => string[]): Field {
  return (stack, text) => {
    const { cluster } = surroundings(stack);
    new MulticastNamespace(stack, "Media", { cluster, namespaceName: "media", ...props(text) });
    return (result) => {
      const { metadata } = result.only("kubernetes_namespace_v1") as { metadata: Record<string, unknown> };
      return stored(valueAt(metadata, path(text)) as string);
    };
  };
}

function adopted(props: (text: string) => object, type: string, path: (text: string) => string[]): Field {
  return (stack, text) => {
    const { cluster } = surroundings(stack);
    const all = { cluster, namespaceName: "media", labels: { own: "x" }, ...props(text) };
    new AdoptedNamespace(stack, "Media", all);
    return (result) => stored(valueAt(result.only(type), path(text)) as string);
  };
}

const subnet = "10.20.0.0/24";
const fields: Record<string, Field> = {
  "MacvlanNetwork.networkName": (stack, text) => {
    new MacvlanNetwork(stack, "Plane", {
      ...surroundings(stack),
      networkName: text,
      master: "eth1",
      ipam: Ipam.none(),
    });
    return (result) => result.objects("NetworkAttachmentDefinition")[0]!.metadata.name;
  },
  "MacvlanNetwork.master": macvlan((master) => ({ master }), "master"),
  "MacvlanNetwork.mode": macvlan((mode) => ({ mode: mode as MacvlanMode }), "mode"),
  "Ipam.hostLocal.subnet": ipam((text) => Ipam.hostLocal({ subnet: text }), "ranges/0/0/subnet"),
  "Ipam.hostLocal.rangeStart": ipam((rangeStart) => Ipam.hostLocal({ subnet, rangeStart }), "ranges/0/0/rangeStart"),
  "Ipam.hostLocal.rangeEnd": ipam((rangeEnd) => Ipam.hostLocal({ subnet, rangeEnd }), "ranges/0/0/rangeEnd"),
  "Ipam.hostLocal.gateway": ipam((gateway) => Ipam.hostLocal({ subnet, gateway }), "ranges/0/0/gateway"),
  "Ipam.hostLocal.routes.dst": ipam((dst) => Ipam.hostLocal({ subnet, routes: [{ dst }] }), "routes/1/dst"),
  "Ipam.hostLocal.routes.gw": ipam(
    (gw) => Ipam.hostLocal({ subnet, routes: [{ dst: "10.1.0.0/16", gw }] }),
    "routes/1/gw",
  ),
  "Ipam.static.addresses": ipam((text) => Ipam.static({ addresses: [text] }), "addresses/0/address"),
  "Ipam.whereabouts.exclude": ipam((text) => Ipam.whereabouts({ subnet, exclude: [text] }), "exclude/0"),
  "Ipam.whereabouts.configurationPath": ipam(
    (configurationPath) => Ipam.whereabouts({ subnet, configurationPath }),
    "configuration_path",
  ),
  "NodeGroup.master": (stack, text) => {
    const master = [{ master: text, nodes: ["agent"] }];
    const network = new MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master, ipam: Ipam.none() });
    return (result) => result.nad(network.nameOn("agent")!).master;
  },
  "NodeGroup.nodes": macvlan((node) => ({ master: [{ master: "eth1", nodes: [node] }] }), "master"),
  "IpvlanNetwork.master": (stack, master) => {
    new IpvlanNetwork(stack, "Plane", { ...surroundings(stack), master, ipam: Ipam.static() });
    return (result) => result.nad("plane").master;
  },
  "IpvlanNetwork.mode": (stack, text) => {
    const mode = text as IpvlanMode;
    new IpvlanNetwork(stack, "Plane", { ...surroundings(stack), master: "eth1", mode, ipam: Ipam.static() });
    return (result) => result.nad("plane").mode;
  },
  "BridgeNetwork.bridge": (stack, bridge) => {
    new BridgeNetwork(stack, "Plane", { ...surroundings(stack), bridge, ipam: Ipam.static() });
    return (result) => result.nad("plane").bridge;
  },
  "Tuning.sysctls name": (stack, text) => {
    const tuning = { sysctls: { [text]: "1" } };
    new MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master: "eth1", ipam: Ipam.none(), tuning });
    return (result) => Object.keys(valueAt(result.nad("plane"), ["plugins", "1", "sysctl"]) as object)[0];
  },
  "Tuning.sysctls value": macvlan(
    (value) => ({ tuning: { sysctls: { "net.ipv4.tcp_rmem": value } } }),
    "plugins/1/sysctl/net.ipv4.tcp_rmem",
  ),
  "Tuning.mac": macvlan((mac) => ({ tuning: { mac } }), "plugins/1/mac"),
  "Ipam.custom.type": ipam((type) => Ipam.custom({ type }), "type"),
  "Ipam.custom.anything": ipam((anything) => Ipam.custom({ type: "x", anything }), "anything"),
  "MacvlanNetwork.addCniOverride(value)": (stack, text) => {
    const network = new MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master: "eth1", ipam: Ipam.none() });
    network.addCniOverride("value", text);
    return (result) => result.nad("plane").value;
  },
  "MacvlanNetwork.addCniOverride(path)": (stack, text) => {
    const network = new MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master: "eth1", ipam: Ipam.none() });
    network.addCniOverride(text, "set");
    return (result) => (valueAt(result.nad("plane"), text.split(".")) === "set" ? text : undefined);
  },
  "NetworkAttachmentDefinition.config.cniVersion": definition(
    (cniVersion) => ({ cniVersion }),
    () => ["cniVersion"],
  ),
  "NetworkAttachmentDefinition.config.name": definition(
    (name) => ({ name }),
    () => ["name"],
  ),
  "NetworkAttachmentDefinition.config.type": definition(
    (type) => ({ type }),
    () => ["type"],
  ),
  "NetworkAttachmentDefinition.config value": definition(
    (text) => ({ deep: [{ text }] }),
    () => ["deep", "0", "text"],
  ),
  "NetworkAttachmentDefinition.config key": definition(
    (key) => ({ deep: { [key]: key } }),
    (key) => ["deep", key],
  ),
  "NetworkAttachmentDefinition.fromNetworkName": (stack, networkName) => {
    const { namespace } = surroundings(stack);
    const network = NetworkAttachmentDefinition.fromNetworkName(stack, "Plane", { namespace, networkName });
    return () => (JSON.parse(networksAnnotation([Attachment.of(network)])) as { name: string }[])[0]!.name;
  },
  "AttachOptions.node": (stack, node) => {
    const around = surroundings(stack);
    const network = new MacvlanNetwork(stack, "Plane", { ...around, master: "eth1", ipam: Ipam.none() });
    attach(new PodV1(stack, "Pod", { metadata: { name: "pod" }, spec: {} }), [Attachment.of(network)], { node });
    return (result) => nodeOfSpec(result.only("kubernetes_pod_v1").spec);
  },
  "Attachment.ips": attachment((ip) => ({ ips: [ip] }), "ips/0"),
  "Attachment.mac": attachment((mac) => ({ mac }), "mac"),
  "Attachment.interfaceName": attachment((interfaceName) => ({ interfaceName }), "interface"),
  "Attachment.defaultRoute": attachment((gateway) => ({ defaultRoute: [gateway] }), "default-route/0"),
  "MulticastNamespace.namespaceName": namespace(
    (namespaceName) => ({ namespaceName }),
    () => ["name"],
  ),
  "MulticastNamespace.podSecurity": namespace(
    (podSecurity) => ({ podSecurity }),
    () => ["labels", "pod-security.kubernetes.io/enforce"],
  ),
  "MulticastNamespace.multicastSwitch": namespace(
    (multicastSwitch) => ({ multicastSwitch }),
    () => ["name"],
  ),
  "AdoptedNamespace.namespaceName": adopted(
    (namespaceName) => ({ namespaceName }),
    "kubernetes_labels",
    () => ["metadata", "name"],
  ),
  "AdoptedNamespace.podSecurity": adopted(
    (podSecurity) => ({ podSecurity }),
    "kubernetes_labels",
    () => ["labels", "pod-security.kubernetes.io/enforce"],
  ),
  "AdoptedNamespace.label value": adopted(
    (value) => ({ labels: { key: value } }),
    "kubernetes_labels",
    () => ["labels", "key"],
  ),
  "AdoptedNamespace.annotation value": adopted(
    (value) => ({ annotations: { key: value } }),
    "kubernetes_annotations",
    () => ["annotations", "key"],
  ),
  "AdoptedNamespace.annotation key": adopted(
    (key) => ({ annotations: { [key]: key } }),
    "kubernetes_annotations",
    (key) => ["annotations", key],
  ),
  "MulticastNamespace.label key": (stack, text) => {
    const { cluster } = surroundings(stack);
    new MulticastNamespace(stack, "Media", { cluster, namespaceName: "media", labels: { [text]: "value" } });
    return (result) => {
      const { metadata } = result.only("kubernetes_namespace_v1") as { metadata: { labels: Record<string, string> } };
      return Object.keys(metadata.labels).find((key) => metadata.labels[key] === "value");
    };
  },
  "DenyAllPolicy.policyName": (stack, policyName) => {
    new DenyAllPolicy(stack, "Policy", { ...surroundings(stack), policyName });
    return (result) => valueAt(result.all("kubernetes_network_policy_v1")[0], ["metadata", "name"]);
  },
  "MulticastNamespace.annotation key": namespace(
    (key) => ({ annotations: { [key]: key } }),
    (key) => ["annotations", key],
  ),
  "MulticastNamespace.label value": namespace(
    (value) => ({ labels: { key: value } }),
    () => ["labels", "key"],
  ),
  "MulticastNamespace.annotation value": namespace(
    (value) => ({ annotations: { key: value } }),
    () => ["annotations", "key"],
  ),
};

describe.each(Object.entries(fields))("%s", (_name, field) => {
  test("refuses a hostile text or hands it on byte for byte", () => {
    expect(changedTexts(field)).toEqual([]);
  });
});

test("text that is for nobody but the plugin is never refused", () => {
  const free = [
    "Ipam.custom.anything",
    "NetworkAttachmentDefinition.config value",
    "MacvlanNetwork.addCniOverride(value)",
  ];
  const refused = free.flatMap((name) => hostileTexts.filter((text) => outcome(fields[name]!, text) !== "kept"));
  expect(refused).toEqual([]);
});

test("the table sees a text that is changed on its way", () => {
  const careless: Field = (stack, text) => {
    providersOf(stack, new TestCluster(stack));
    new PodV1(stack, "Pod", { metadata: { name: text }, spec: {} });
    return (result) =>
      [result.only("kubernetes_pod_v1").metadata].flat().map((each) => stored((each as { name: string }).name))[0];
  };
  expect(() => outcome(careless, "${aws.x}")).toThrow("Terraform would evaluate");
  expect(outcome(careless, "e\u0301")).toEqual({ changed: "\u00e9" });
});
