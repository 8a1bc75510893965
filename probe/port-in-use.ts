import type { Socket } from "node:dgram";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Server } from "node:net";
import { socketText, type Family } from "./address";
import { parseSockets } from "./kernel-tables";

type Protocol = "UDP" | "TCP";

/** A port that cannot be had, and why, in one sentence. */
export class PortError extends Error {
  public override readonly name = "PortError";
}

/**
 * Binds a UDP socket on all addresses of its family. Node.js tells an error of `bind` by an event alone, and a callback of `bind` keeps that from being thrown.
 *
 * @throws PortError that names the port and, where that can be seen, who has it.
 */
export async function bindUdp(socket: Socket, port: number, family: Family): Promise<void> {
  const address = family === 6 ? "::" : "0.0.0.0";
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (error) => reject(portError("UDP", address, port, error)));
    socket.bind(port, () => resolve());
  });
  socket.removeAllListeners("error");
}

/**
 * Lets a TCP server listen, on all addresses where none is named.
 *
 * @throws PortError as {@link bindUdp} does.
 */
export async function listenTcp(server: Server, port: number, address?: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(portError("TCP", address ?? "0.0.0.0", port, error)));
    server.listen(port, address, () => resolve());
  });
  server.removeAllListeners("error");
}

function portError(protocol: Protocol, address: string, port: number, error: NodeJS.ErrnoException): Error {
  const what = `${protocol} port ${socketText(address, port)}`;
  if (error.code === "EADDRINUSE")
    return new PortError(
      `${what} is taken (EADDRINUSE): ${holderOf(protocol, port)}; choose another port, or end that program`,
    );
  if (error.code === "EACCES")
    return new PortError(
      `${what} is forbidden to this program (EACCES): ports below net.ipv4.ip_unprivileged_port_start=` +
        `${read("/proc/sys/net/ipv4/ip_unprivileged_port_start") ?? "1024"} need privileges; choose a port above`,
    );
  if (error.code === "EADDRNOTAVAIL")
    return new PortError(`${what} cannot be had (EADDRNOTAVAIL): no interface has the address ${address}`);
  return new PortError(`${what} cannot be had (${error.code ?? error.message})`);
}

/** Who has a port of this network namespace, as far as a process without privileges can see. */
export function holderOf(protocol: Protocol, port: number): string {
  const tables = ["", "6"].map((family) => read(`/proc/net/${protocol.toLowerCase()}${family}`) ?? "");
  const held = tables.flatMap(parseSockets).filter((socket) => socket.port === port && !socket.connected);
  for (const { inode } of held) {
    const process = processWith(inode);
    if (process !== undefined) return `${process} has it`;
  }
  const [first] = held;
  return first === undefined ? "another program has it" : `a program of user ID ${first.uid} has it`;
}

/** The process that has a socket open, where it is one of our own user's in this PID namespace. */
function processWith(inode: number): string | undefined {
  for (const pid of list("/proc").filter((name) => /^\d+$/.test(name))) {
    const open = list(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
    if (!open.includes(`socket:[${inode}]`)) continue;
    return `process ${pid} (${read(`/proc/${pid}/comm`) ?? "?"})`;
  }
  return undefined;
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
