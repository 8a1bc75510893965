import path from "node:path";
import { binaryImage, isProbeImageCached, probeImage } from "../images";
import type { Offer, Source } from "./artifact";
import { bundleImage } from "./bundle";
import { goBuild, isBuilt, type GoBuild } from "./go-build";
import { isReachable } from "./upstream";

const MULTUS_VERSION = "v4.3.0";
const MULTUS_REFERENCE = `ghcr.io/k8snetworkplumbingwg/multus-cni:${MULTUS_VERSION}`;
const MULTUS_STAND_IN: GoBuild = {
  name: "multus",
  moduleDirectory: path.join(__dirname, "../multus"),
  programs: [
    { output: "thin_entrypoint", target: "./cmd/thin_entrypoint" },
    { output: "multus", target: "./cmd/multus" },
  ],
};

/** Sources of the image of thin Multus. */
export const multusImageSources: readonly Source[] = [
  fromBundle("multus"),
  async (settings) => {
    if (!(await isReachable(settings, "https://ghcr.io"))) return undefined;
    // The hosts pull it themselves, through the machine's NAT.
    const make = async (): Promise<{ path: string; reference: string }> => ({ path: "", reference: MULTUS_REFERENCE });
    return { kind: "real", origin: "upstream", version: MULTUS_VERSION, ready: true, make };
  },
  async (settings) => ({
    kind: "stand-in",
    origin: "packages",
    version: `for Multus ${MULTUS_VERSION}`,
    ready: await isBuilt(MULTUS_STAND_IN, settings.cache),
    heavy: true,
    make: async (report) => {
      const directory = await goBuild(MULTUS_STAND_IN, settings.cache, report);
      return binaryImage({
        repository: "lab.local/multus",
        tag: "1",
        // Where the real image has them.
        files: {
          "/thin_entrypoint": path.join(directory, "thin_entrypoint"),
          "/usr/src/multus-cni/bin/multus": path.join(directory, "multus"),
        },
        config: { Entrypoint: ["/thin_entrypoint"] },
        cache: settings.cache,
      });
    },
  }),
];

/** Sources of the verification pods' image: any with Node.js and socat serves, so upstream is not asked. */
export const probeImageSources: readonly Source[] = [
  fromBundle("probe"),
  async (settings) => ({
    kind: "built",
    origin: "packages",
    version: "from Debian packages",
    ready: isProbeImageCached(settings.cache),
    make: (report) => probeImage({ cache: settings.cache, onProgress: report }),
  }),
];

function fromBundle(name: string): Source {
  return async (settings): Promise<Offer | undefined> => {
    const image = await bundleImage(settings, name);
    if (image === undefined) return undefined;
    const { archive, reference } = image;
    return {
      kind: "real",
      origin: "bundle",
      version: reference,
      ready: true,
      make: async () => ({ path: archive, reference }),
    };
  };
}
