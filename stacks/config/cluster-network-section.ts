import { z } from "zod";
import type { ClusterNetwork } from "../../constructs/cluster/cluster-network";
import { cidr } from "../../constructs/private/ip-rules";
import { interfaceName } from "../../constructs/private/rules";
import { objectOf } from "./plain";
import { text } from "./leaves";

/** What is known of a cluster's own network. */
export const clusterNetwork = objectOf<ClusterNetwork>("ClusterNetwork")({
  type: z.enum(["ovn-kubernetes", "openshift-sdn", "flannel", "other"]),
  openshiftVersion: z.string().optional(),
  interfaces: z.array(text(interfaceName)).optional(),
  joinSubnets: z.array(text(cidr)).optional(),
  transitSubnets: z.array(text(cidr)).optional(),
  masqueradeSubnets: z.array(text(cidr)).optional(),
});
