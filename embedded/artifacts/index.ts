export {
  ARTIFACT_NAMES,
  sha256Of,
  type Artifact,
  type ArtifactKind,
  type ArtifactName,
  type ArtifactSettings,
  type Offer,
} from "./artifact";
export { ensureGo, findGo } from "./go-toolchain";
export { ovnKubernetesOf, type OvnKubernetes } from "./ovn-kubernetes";
export { PLATFORM, PROVIDER_VERSIONS, type ProviderName } from "./providers";
export { artifactSettings, findOffers, makeArtifacts, type Artifacts, type Offers, type Watch } from "./resolver";
