import { run } from "./commands";

/** The Debian release that hosts and images are made of. */
export const DEBIAN_SUITE = "bookworm";

/** The release whose OVN has the database schema that today's OVN-Kubernetes asks for. */
export const OVN_SUITE = "trixie";

/** Called with one line of what is going on. */
export type OnProgress = (message: string) => void;

/** Options of {@link runMmdebstrap}. */
export interface MmdebstrapOptions {
  /** @default DEBIAN_SUITE */
  readonly suite?: typeof DEBIAN_SUITE | typeof OVN_SUITE;
  readonly variant: "minbase" | "extract";
  readonly packages: readonly string[];
  /** Directories of /usr/share to leave out. */
  readonly leftOut: readonly string[];
  readonly target: string;
  readonly onProgress?: OnProgress;
}

/** Builds a Debian root from packages. LAB_DEBIAN_MIRROR names the mirror where Debian's own cannot be reached. */
export async function runMmdebstrap(options: MmdebstrapOptions): Promise<void> {
  const { onProgress } = options;
  const mirror = process.env.LAB_DEBIAN_MIRROR;
  await run(
    "mmdebstrap",
    [
      `--variant=${options.variant}`,
      `--include=${options.packages.join(",")}`,
      "--format=directory",
      '--aptopt=APT::Install-Recommends "false"',
      '--aptopt=Acquire::Languages "none"',
      ...options.leftOut.map((directory) => `--dpkgopt=path-exclude=/usr/share/${directory}/*`),
      options.suite ?? DEBIAN_SUITE,
      options.target,
      ...(mirror === undefined ? [] : [mirror]),
    ],
    // Without a mirror, mmdebstrap would read one from standard input if that were no terminal and not empty.
    {
      timeoutMilliseconds: 15 * 60_000,
      onStderrLine: (line) => line.startsWith("I: ") && onProgress?.(line.slice("I: ".length)),
    },
  );
}
