import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import * as readline from "node:readline";

/** sshd only runs by its absolute path: it starts itself again for each connection. */
const program = "/usr/sbin/sshd";

/** An SSH server on 127.0.0.1 with keys of its own, in `directory`. */
export class Sshd {
  public readonly privateKeyPath: string;
  public readonly hostKey: string;

  private constructor(
    private readonly server: ChildProcess,
    public readonly port: number,
    directory: string,
  ) {
    this.privateKeyPath = path.join(directory, "user");
    this.hostKey = publicKey(path.join(directory, "host"));
  }

  public static async start(directory: string): Promise<Sshd> {
    for (const name of ["host", "user"]) makeKey(path.join(directory, name));
    fs.copyFileSync(path.join(directory, "user.pub"), path.join(directory, "authorized_keys"));
    fs.mkdirSync("/run/sshd", { recursive: true });
    const port = await freePort();
    const options = {
      ListenAddress: "127.0.0.1",
      HostKey: path.join(directory, "host"),
      AuthorizedKeysFile: path.join(directory, "authorized_keys"),
      StrictModes: "no",
      PidFile: "none",
      UsePAM: "no",
    };
    const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    const server = spawn(program, ["-D", "-e", "-f", "/dev/null", "-p", String(port), ...flags], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await listening(server);
    return new Sshd(server, port, directory);
  }

  public stop(): void {
    this.server.kill();
  }
}

/** Makes an ed25519 key without passphrase. */
export function makeKey(file: string): void {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
}

/** `TYPE BASE64` of a key. */
export function publicKey(file: string): string {
  return fs.readFileSync(`${file}.pub`, "utf8").trim();
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(server: ChildProcess): Promise<void> {
  const said: string[] = [];
  for await (const line of readline.createInterface({ input: server.stderr! })) {
    said.push(line);
    if (line.startsWith("Server listening")) break;
  }
  server.stderr!.resume();
  if (!said.at(-1)?.startsWith("Server listening")) throw new Error(`sshd does not listen: ${said.join("\n")}`);
}
