import { execFileSync } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { drained } from "../../probe/drain";
import { parseDrops, socketDrops } from "../../probe/socket-drops";

const COUNT = 200;

const SENDER = `
const socket = require("node:dgram").createSocket("udp4");
let left = ${COUNT};
for (let n = 0; n < ${COUNT}; n += 1) socket.send("x", Number(process.argv[1]), "127.0.0.1", () => --left === 0 && socket.close());
`;

async function bound(): Promise<Socket> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return socket;
}

test("all that has come is counted before a line is printed, also what waited while the process had no processor", async () => {
  const socket = await bound();
  let heard = 0;
  socket.on("message", () => (heard += 1));
  try {
    // This process stands still until all is sent.
    execFileSync(process.execPath, ["-e", SENDER, String(socket.address().port)]);
    await drained(() => heard);
    expect(heard).toBe(COUNT);
  } finally {
    socket.close();
  }
});

test("a flood does not keep the line back for ever", async () => {
  let handled = 0;
  const startedAt = performance.now();
  await drained(() => (handled += 1));
  expect(performance.now() - startedAt).toBeLessThan(3000);
});

test("what the own sockets dropped is read from the kernel's table", () => {
  const table = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  641: 00000000:138C 00000000:0000 07 00000000:00000000 00:00000000 00000000 65532        0 4711 2 0000000000000000 12
  642: 00000000:138C 00000000:0000 07 00000000:00000000 00:00000000 00000000 65532        0 4712 2 0000000000000000 30`;
  expect(parseDrops(table, new Set(["4711"]))).toBe(12);
  expect(parseDrops(table, new Set())).toBe(0);
  expect(socketDrops(4)).toBeGreaterThanOrEqual(0);
});
