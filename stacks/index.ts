/** The ready stacks. What is not exported here may change without notice. */
export { ClusterStack, type ClusterStackProps } from "./cluster-stack";
export { LabStack, type LabStackProps } from "./lab-stack";
