import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { isBuiltin } from "node:module";
import * as path from "node:path";
import * as ts from "typescript";
import { root } from "../helpers/source-files";

/** What the tests ask of its package.json. */
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** The package as `npm pack` makes it and `npm install` puts it into an app. */
export class PackedPackage {
  /** Paths of all its files. */
  public readonly files: readonly string[];

  private constructor(private readonly directory: string) {
    this.files = filesBelow(directory);
  }

  /**
   * Packs the repository, with the build that packing does itself, and installs what came out into the npm project `app`.
   *
   * @param pack arguments of npm that pack it
   * @param install arguments of npm that install it; the last is the file
   */
  public static installed(app: string, pack: readonly string[], install: readonly string[]): PackedPackage {
    fs.mkdirSync(app, { recursive: true });
    fs.writeFileSync(path.join(app, "package.json"), JSON.stringify({ private: true }));
    npm(root, [...pack, "--pack-destination", app]);
    // npm's cache has all of it where this repository was installed by npm.
    npm(app, [...install, "--prefer-offline", "--no-audit", "--no-fund"]);
    return new PackedPackage(path.join(app, "node_modules/multicast-lab"));
  }

  /** Names of the packages that it must find beside itself. */
  public get needed(): string[] {
    const { dependencies, peerDependencies } = JSON.parse(this.bytes("package.json").toString()) as Manifest;
    return Object.keys({ ...dependencies, ...peerDependencies }).sort();
  }

  /** Names of the packages that its code and its types import. */
  public get imported(): string[] {
    const code = this.files.filter((file) => /\.(js|d\.ts)$/.test(file));
    const names = code.flatMap((file) => packagesIn(this.bytes(file).toString()));
    return [...new Set(names)].sort();
  }

  /** Content of one of its files. */
  public bytes(file: string): Buffer {
    return fs.readFileSync(path.join(this.directory, file));
  }
}

function npm(cwd: string, args: readonly string[]): void {
  execFileSync("npm", args, { cwd, stdio: "pipe" });
}

function packagesIn(code: string): string[] {
  const imports = ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => fileName);
  const packages = imports.filter((name) => !name.startsWith(".") && !isBuiltin(name));
  return packages.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]);
}

/** Paths of all files below a directory, sorted. */
export function filesBelow(directory: string): string[] {
  const entries = fs.readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => path.relative(directory, path.join(parentPath, name))).sort();
}
