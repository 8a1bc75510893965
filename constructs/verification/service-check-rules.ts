import { checkTolerations } from "../cluster/toleration";
import { checkNode } from "../namespace/node-rule";
import { dns1123Label, imageReference, oneOf, wholeNumber } from "../private/rules";
import type { Faults, Rule } from "../private/validate";
import { checkNameRules } from "./multicast-check-rules";
import type { ServiceCheckProps, ServiceMember } from "./service-check";
import { VERDICT_CONFIG } from "./verdict-pod";

/** Seconds that the verdict needs besides its window, to see everyone ready. */
const DEADLINE_MARGIN = 10;

/** A Service's name is one of RFC 1035: it becomes the start of environment variables and a DNS name. */
const serviceName: Rule<string> = (value) =>
  /^[a-z]([a-z0-9-]{0,48}[a-z0-9])?$/.test(value) && value !== VERDICT_CONFIG
    ? undefined
    : {
        must: `be a DNS-1035 label of 50 characters at most (a-z, 0-9 and -, starting with a letter) other than ${VERDICT_CONFIG}`,
        use: 'a name like "media-6-server"',
      };

/** Adds what is wrong with the props. */
export function checkServiceProps(faults: Faults, checkName: string, props: ServiceCheckProps): void {
  const { members, group, windowSeconds = 3 } = props;
  group.validate(faults, "group");
  faults
    .check("checkName", checkName, ...checkNameRules)
    .check("image", props.image, imageReference)
    // Below 1024 a pod without privilege may not listen.
    .check("servicePort", props.servicePort, wholeNumber(1024, 65535))
    .check("windowSeconds", props.windowSeconds, wholeNumber(1, 3600))
    .check("deadlineSeconds", props.deadlineSeconds, wholeNumber(windowSeconds + DEADLINE_MARGIN, 7200));
  checkTolerations(faults, props.tolerations);
  if (group.address.includes(":"))
    faults.add("group.address", group.address, { must: "be IPv4", use: "a group of 239.0.0.0/8" });
  if (members.length === 0)
    faults.add("members", members, { must: "name at least one pod", use: 'a list like [{ name: "media-1" }]' });
  members.forEach((member, index) => checkMember(faults, props, member, index));
}

function checkMember(
  faults: Faults,
  { members, namespace }: ServiceCheckProps,
  member: ServiceMember,
  index: number,
): void {
  const field = `members[${index}]`;
  faults
    .check(`${field}.name`, member.name, dns1123Label, serviceName)
    .check(`${field}.workload`, member.workload, oneOf(["pod", "deployment"]));
  checkNode(faults, `${field}.node`, member.node, namespace);
  if (members.findIndex(({ name }) => name === member.name) < index)
    faults.add(`${field}.name`, member.name, { must: "be used once", use: "another name" });
  checkHostPort(faults, members, member, index);
  const senders = members.filter(({ name, sends }) => sends === true && name !== member.name).map(({ name }) => name);
  (member.hears ?? []).forEach((name, position) => {
    if (senders.includes(name)) return;
    const must = "be another member that sends";
    faults.add(`${field}.hears[${position}]`, name, { must, use: senders.join(" or ") || "sends: true on one" });
  });
}

/** Pods on one node's network share its ports, and the scheduler does not know of this one. */
function checkHostPort(faults: Faults, members: readonly ServiceMember[], member: ServiceMember, index: number): void {
  if (member.way?.kind !== "hostNetwork") return;
  const others = members.slice(0, index).filter(({ way }) => way?.kind === "hostNetwork");
  const other = others.find(({ node }) => node === undefined || member.node === undefined || node === member.node);
  if (other === undefined) return;
  const must = `be another than that of ${other.name}, which takes the port of the host's network`;
  faults.add(`members[${index}].node`, member.node, {
    must,
    use: "a node for each member with MulticastWay.hostNetwork()",
  });
}
