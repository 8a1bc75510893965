import { createHash } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { download, isReachable } from "../../../embedded/artifacts/upstream";

const CONTENT = "the real program";
const DIGEST = createHash("sha256").update(CONTENT).digest("hex");

let server: http.Server;
let url: string;
let scratch: string;
let requests: number;

beforeEach(async () => {
  requests = 0;
  scratch = await fs.mkdtemp(path.join(os.tmpdir(), "upstream-test-"));
  server = http.createServer((request, response) => {
    requests += 1;
    if (request.url === "/k3s") response.end(CONTENT);
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.close();
  await fs.rm(scratch, { recursive: true });
});

test("a file with the pinned digest is kept and not fetched again", async () => {
  const target = path.join(scratch, "k3s");
  const wanted = { url: `${url}/k3s`, sha256: DIGEST, target };
  await download(wanted, () => undefined);
  await download(wanted, () => undefined);
  expect(await fs.readFile(target, "utf8")).toBe(CONTENT);
  expect(requests).toBe(1);
});

test("fails if the file has another digest, and keeps nothing", async () => {
  const wanted = { url: `${url}/k3s`, sha256: "0".repeat(64), target: path.join(scratch, "k3s") };
  await expect(download(wanted, () => undefined)).rejects.toThrow(`has SHA-256 ${DIGEST}`);
  expect(await fs.readdir(scratch)).toEqual([]);
});

test("fails if the server does not have the file", async () => {
  const wanted = { url: `${url}/gone`, sha256: DIGEST, target: path.join(scratch, "gone") };
  await expect(download(wanted, () => undefined)).rejects.toThrow("answered 404");
});

test("nobody is asked when the machine is to stay offline, and a server that is not there is not waited for", async () => {
  const settings = { cache: scratch, online: true };
  expect(await isReachable({ ...settings, online: false }, url)).toBe(false);
  expect(requests).toBe(0);
  expect(await isReachable(settings, url)).toBe(true);
  // Nobody listens on port 1 of the loopback interface.
  expect(await isReachable(settings, "http://127.0.0.1:1/")).toBe(false);
});
