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

/** The package as `npm pack` makes it, unpacked. */
export class PackedPackage {
  /** Paths of all its files. */
  public readonly files: readonly string[];

  /** Packs the repository, with the build that packing does itself, and unpacks it into `directory`. */
  public constructor(private readonly directory: string) {
    fs.mkdirSync(directory, { recursive: true });
    const npm = ["pack", "--json", "--pack-destination", directory];
    const printed = execFileSync("npm", npm, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    const [{ filename }] = JSON.parse(printed) as [{ filename: string }];
    execFileSync("tar", ["-xzf", filename, "--strip-components=1"], { cwd: directory });
    fs.rmSync(path.join(directory, filename));
    this.files = filesBelow(directory);
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
