/**
 * The one door to CDKTF. cdktf 0.21 was archived in December 2025 and lives on as `cdktn` with the same API,
 * so the move is a change of this file and of `kubernetes.ts` (docs/adr/0002-cdktf-or-cdktn.md).
 */
export {
  Annotations as SynthMessages,
  App,
  Aspects,
  AssetType,
  DataResource,
  DefaultTokenResolver,
  dependable,
  Fn,
  Lazy,
  LocalBackend,
  StringConcat,
  TerraformAsset,
  TerraformBackend,
  TerraformDataSource,
  TerraformElement,
  TerraformModule,
  TerraformOutput,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Testing,
  Token,
  Tokenization,
} from "cdktf";
export type {
  DataConfig,
  IAspect,
  ITerraformDependable,
  LocalExecProvisioner,
  TerraformResourceLifecycle,
} from "cdktf";
export { Construct } from "constructs";
export type { IConstruct, IValidation } from "constructs";
