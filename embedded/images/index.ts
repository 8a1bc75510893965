export { type BinaryImageOptions, binaryImage } from "./binary-image";
export {
  type ImageConfig,
  type OciArchive,
  type OciArchiveOptions,
  sha256OfFile,
  writeOciArchive,
} from "./oci-archive";
export { isProbeImageCached, probeImage } from "./probe-image";
