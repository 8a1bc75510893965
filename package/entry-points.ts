/** All that the package exports, for the API report: one file can have only one report. */
export * from "../constructs";
export * as stacks from "../stacks";
