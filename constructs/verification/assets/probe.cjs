"use strict";

// probe/main.ts
var import_node_fs3 = require("node:fs");

// probe/answer.ts
var import_node_dgram = require("node:dgram");
var import_node_net = require("node:net");
var SEND_EVERY_MS = 250;
var HEARD_FOR_MS = 2e3;
async function answer(config) {
  const socket = (0, import_node_dgram.createSocket)({ type: "udp4", reuseAddr: true });
  const member = new Member(config, socket);
  socket.on("message", (datagram) => member.hear(datagram));
  await new Promise((resolve) => socket.bind(config.destination.port, resolve));
  socket.setMulticastTTL(config.ttl);
  const server = (0, import_node_net.createServer)((connection) => {
    connection.on("error", () => void 0);
    connection.end(`${JSON.stringify(member.answer())}
`);
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(config.port, resolve));
  for (; ; ) {
    member.tick();
    await new Promise((resolve) => setTimeout(resolve, SEND_EVERY_MS));
  }
}
var Member = class {
  constructor(config, socket) {
    this.config = config;
    this.socket = socket;
    const { check, name } = config;
    this.greeting = JSON.stringify({ check, name });
  }
  config;
  socket;
  greeting;
  heardAt = /* @__PURE__ */ new Map();
  joined = false;
  trouble;
  hear(datagram) {
    const { check, name } = parseGreeting(datagram.toString("utf8"));
    if (check === this.config.check && name !== void 0 && name !== this.config.name)
      this.heardAt.set(name, performance.now());
  }
  answer() {
    const since = performance.now() - HEARD_FOR_MS;
    const hears = [...this.heardAt].filter(([, at]) => at >= since).map(([name]) => name);
    return { name: this.config.name, hears: hears.sort(), trouble: this.trouble };
  }
  /** Joins where it has not, and sends. */
  tick() {
    const { group, port } = this.config.destination;
    try {
      if (!this.joined) this.socket.addMembership(group);
      this.joined = true;
    } catch (error) {
      this.trouble = String(error);
      return;
    }
    if (!this.config.sends) return;
    this.socket.send(this.greeting, port, group, (error) => {
      this.trouble = error === null ? void 0 : String(error);
    });
  }
};
function parseGreeting(text) {
  try {
    const value = JSON.parse(text);
    return value ?? {};
  } catch {
    return {};
  }
}

// probe/kube-api.ts
var import_node_fs = require("node:fs");
var import_node_https = require("node:https");
function inClusterAccess(environment) {
  const directory = "/var/run/secrets/kubernetes.io/serviceaccount";
  return {
    host: environment.KUBERNETES_SERVICE_HOST ?? "kubernetes.default.svc",
    port: Number(environment.KUBERNETES_SERVICE_PORT_HTTPS ?? 443),
    ca: (0, import_node_fs.readFileSync)(`${directory}/ca.crt`, "utf8"),
    token: () => (0, import_node_fs.readFileSync)(`${directory}/token`, "utf8").trim()
  };
}
var ApiError = class extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
    this.name = "ApiError";
  }
  status;
};
var REQUEST_TIMEOUT_MS = 5e3;
var ATTEMPTS = 4;
var RETRY_PAUSE_MS = 500;
var PASSING = [401, 403, 429];
var KubeApi = class {
  constructor(access) {
    this.access = access;
  }
  access;
  /** Requests that had to be made again. */
  retries = 0;
  /** A JSON request; a lost connection and an overloaded server are tried again, a refusal is not. */
  async json(method, path2, body) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return JSON.parse(await this.text(method, path2, body));
      } catch (error) {
        const refused = error instanceof ApiError && error.status < 500 && !PASSING.includes(error.status);
        if (refused || attempt === ATTEMPTS) throw error;
        this.retries += 1;
        await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS * attempt));
      }
    }
  }
  /** Opens a response as a stream. */
  async open(path2, signal) {
    const response = await this.send({ method: "GET", path: path2, signal });
    if (response.statusCode === 200) return response;
    throw new ApiError(response.statusCode ?? 0, await readAll(response));
  }
  async text(method, path2, body) {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const headers = body === void 0 ? {} : { "content-type": type };
    const response = await this.send({ method, path: path2, headers, timeout: REQUEST_TIMEOUT_MS }, JSON.stringify(body));
    const answer2 = await readAll(response);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw new ApiError(status, `${method} ${path2}: ${status} ${answer2}`);
    return answer2;
  }
  send(options, body) {
    const { host, port, ca, token } = this.access;
    const headers = { ...options.headers, authorization: `Bearer ${token()}` };
    return new Promise((resolve, reject) => {
      const sent = (0, import_node_https.request)({ ...options, host, port, ca, headers }, resolve);
      sent.on("error", reject);
      sent.on("timeout", () => sent.destroy(new Error(`no answer from ${host}:${port} for ${REQUEST_TIMEOUT_MS} ms`)));
      sent.end(body);
    });
  }
};
async function readAll(response) {
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

// probe/report.ts
var REPORT_SCHEMA_VERSION = 1;
var REPORT_KEY = "report.json";
var SUMMARY_KEY = "summary";

// probe/network-status.ts
var ANNOTATION = "k8s.v1.cni.cncf.io/network-status";
var UNICAST_MAC = /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i;
async function statusAsk(config, api) {
  const startedAt = (/* @__PURE__ */ new Date()).toISOString();
  const looks = config.pods.map((pod) => look(config, pod, api));
  const receivers = await Promise.all(looks);
  const passed = receivers.filter(({ verdict: verdict2 }) => verdict2 === "passed").length;
  const { check, namespace, image } = config.report;
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    kind: "status",
    check,
    namespace,
    group: "",
    port: 0,
    ttl: 0,
    network: { kind: "attached", name: "network-status" },
    interface: "",
    image,
    verdict: passed === receivers.length ? "passed" : "failed",
    summary: `${passed} of ${receivers.length} pods have the interfaces that they asked for`,
    sender: { ...config.sender, addresses: [] },
    receivers,
    times: { startedAt, judgedAt: (/* @__PURE__ */ new Date()).toISOString(), judgedSeconds: 0 },
    transportRetries: api.retries
  };
}
async function look({ report }, pod, api) {
  const found = await readPod(api, report.namespace, pod);
  const text = found?.metadata?.annotations?.[ANNOTATION];
  const statuses = text === void 0 ? void 0 : parseStatuses(text);
  const faults = statusFaults(pod.interfaces, statuses);
  const attached = (statuses ?? []).filter(({ interface: name }) => pod.interfaces.some((each) => each.name === name));
  const right = pod.interfaces.length - new Set(faults.map(({ name }) => name)).size;
  const expected = pod.interfaces.length;
  const notCounted = { duplicates: 0, outOfOrder: 0, foreign: 0, controlSent: 0, controlReceived: 0 };
  return {
    name: pod.name,
    pod: pod.pod,
    node: found?.spec?.nodeName ?? pod.node,
    addresses: attached.flatMap(({ ips = [] }) => ips),
    joins: [],
    expectation: "heard",
    verdict: faults.length === 0 ? "passed" : "failed",
    reason: faults.length === 0 ? attached.map(describe).join("; ") : faults.map(({ text: fault }) => fault).join("; "),
    numbers: {
      sent: expected,
      received: right,
      lossPercent: Math.round((1 - right / expected) * 1e4) / 100,
      ...notCounted
    }
  };
}
function describe({ interface: name, ips = [], mac = "" }) {
  return `${name} has ${ips.join(", ")} and ${mac}`;
}
async function readPod(api, namespace, { pod }) {
  try {
    return await api.json("GET", `/api/v1/namespaces/${namespace}/pods/${pod}`);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return void 0;
    throw error;
  }
}
function parseStatuses(text) {
  try {
    const value = JSON.parse(text);
    return Array.isArray(value) ? value : void 0;
  } catch {
    return void 0;
  }
}
function statusFaults(expected, statuses) {
  const macs = (statuses ?? []).map(({ mac }) => mac?.toLowerCase());
  return expected.flatMap((wanted) => {
    const { name } = wanted;
    if (statuses === void 0)
      return { name, text: `no ${name}: the pod has no ${ANNOTATION} annotation, so Multus did not attach it` };
    const status = statuses.find((each) => each.interface === name);
    if (status === void 0) return { name, text: `no ${name} in ${ANNOTATION}` };
    const texts = faultsOfOne(wanted, status);
    if (macs.filter((mac) => mac === status.mac?.toLowerCase()).length > 1)
      texts.push(`${name} shares its MAC ${status.mac}`);
    return texts.map((text) => ({ name, text }));
  });
}
function faultsOfOne({ name, network, ips, mac }, status) {
  const has = status.ips ?? [];
  const missing = ips.filter((ip) => !has.includes(ip));
  return [
    ...status.name === network ? [] : [`${name} is of ${status.name}, not ${network}`],
    ...has.length > 0 ? [] : [`${name} has no IP`],
    ...missing.length === 0 || has.length === 0 ? [] : [`${name} has ${has.join(", ")}, not ${missing.join(", ")}`],
    ...UNICAST_MAC.test(status.mac ?? "") ? [] : [`${name} has no MAC`],
    ...mac === void 0 || mac.toLowerCase() === status.mac?.toLowerCase() ? [] : [`${name} has MAC ${status.mac}, not ${mac}`]
  ];
}

// probe/publish.ts
var MAX_EVENTS = 3;
var MAX_MESSAGE = 1024;
function ownPod(environment) {
  const { POD_NAME: name, POD_UID: uid } = environment;
  if (!name || !uid) throw new Error("POD_NAME and POD_UID must be set by the downward API");
  return { name, uid };
}
async function publish(api, target, own, report) {
  for (const message of failureMessages(report)) await warn(api, target, own, message);
  const path2 = `/api/v1/namespaces/${target.namespace}/configmaps/${target.configMap}`;
  await api.json("PATCH", path2, { data: { [REPORT_KEY]: JSON.stringify(report), [SUMMARY_KEY]: report.summary } });
}
function failureMessages(report) {
  if (report.verdict === "passed") return [];
  const each = report.receivers.filter(({ verdict: verdict2 }) => verdict2 !== "passed").sort((a, b) => a.expectation.localeCompare(b.expectation)).map(({ name, node, reason }) => `receiver ${name} (node ${node ?? "unknown"}) ${reason}`);
  const messages = each.length === 0 ? [report.summary] : each;
  const rest = messages.length - MAX_EVENTS;
  const shown = messages.slice(0, MAX_EVENTS).map((text) => text.slice(0, MAX_MESSAGE - 40));
  if (rest > 0) shown[MAX_EVENTS - 1] += ` (and ${rest} more, see ConfigMap)`;
  return shown;
}
async function warn(api, target, own, message) {
  const now = (/* @__PURE__ */ new Date()).toISOString();
  const involvedObject = { apiVersion: "v1", kind: "Pod", namespace: target.namespace, ...own };
  await api.json("POST", `/api/v1/namespaces/${target.namespace}/events`, {
    apiVersion: "v1",
    kind: "Event",
    metadata: { generateName: `${own.name}.`, namespace: target.namespace },
    involvedObject,
    type: "Warning",
    reason: "MulticastCheckFailed",
    message,
    source: { component: "multicast-lab" },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1
  });
}

// probe/receive.ts
var import_node_crypto2 = require("node:crypto");
var import_node_dgram2 = require("node:dgram");

// probe/evidence.ts
var import_node_fs2 = require("node:fs");
var import_node_os = require("node:os");

// probe/kernel-tables.ts
function lookupRoute(routes, address) {
  return routes.filter(({ destination }) => contains(destination, address)).sort((a, b) => prefixLength(b.destination) - prefixLength(a.destination) || a.metric - b.metric)[0];
}
var RTF_UP = 1;
var RTF_REJECT = 512;
function parseRoutes(table) {
  return dataRows(table).flatMap((fields) => {
    const [name, destination, gateway, flags, , , metric, mask] = fields;
    const bits = parseInt(flags ?? "0", 16);
    if (!name || !destination || !gateway || !mask || !(bits & RTF_UP) || bits & RTF_REJECT) return [];
    const length = [...parseInt(mask, 16).toString(2)].filter((bit) => bit === "1").length;
    const via = hexAddress(gateway);
    return {
      interface: name,
      destination: `${hexAddress(destination)}/${length}`,
      ...via === "0.0.0.0" ? {} : { gateway: via },
      metric: Number(metric)
    };
  });
}
function parseIgmp(table, interfaceName) {
  const groups = [];
  let version;
  let inside = false;
  for (const line of table.split("\n").slice(1)) {
    const fields = line.trim().split(/[\s:]+/);
    if (/^\d/.test(line)) {
      inside = fields[1] === interfaceName;
      if (inside) version = fields.find((field) => /^V[123]$/.test(field));
    } else if (inside && /^[0-9A-F]{8}$/.test(fields[0] ?? "")) {
      groups.push(hexAddress(fields[0]));
    }
  }
  return version === void 0 ? { groups } : { groups, version };
}
function parseCounters(table, interfaceName) {
  const line = table.split("\n").find((text) => text.trim().startsWith(`${interfaceName}:`));
  const numbers = line?.slice(line.indexOf(":") + 1).trim().split(/\s+/).map(Number);
  if (!numbers) return void 0;
  const at = (index) => numbers[index] ?? 0;
  return { rxPackets: at(1), rxDropped: at(3), rxMulticast: at(7), txPackets: at(9), txDropped: at(11) };
}
function contains(cidr, address) {
  const length = prefixLength(cidr);
  const shift = 2 ** (32 - length);
  return Math.floor(toNumber(cidr.split("/")[0] ?? "") / shift) === Math.floor(toNumber(address) / shift);
}
function prefixLength(cidr) {
  return Number(cidr.split("/")[1]);
}
function toNumber(address) {
  return address.split(".").reduce((sum2, octet) => sum2 * 256 + Number(octet), 0);
}
function hexAddress(hex) {
  return [6, 4, 2, 0].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(".");
}
function dataRows(table) {
  return table.trim().split("\n").slice(1).map((line) => line.trim().split(/\s+/));
}

// probe/evidence.ts
function takeEvidence(interfaceName, group) {
  const link = (file2) => read(`/sys/class/net/${interfaceName}/${file2}`);
  const routes = parseRoutes(read("/proc/net/route") ?? "");
  const mtu = link("mtu");
  const carrier = link("carrier");
  return {
    interface: interfaceName,
    present: mtu !== void 0,
    operstate: link("operstate"),
    carrier: carrier === void 0 ? void 0 : carrier === "1",
    mtu: mtu === void 0 ? void 0 : Number(mtu),
    mac: link("address"),
    addresses: addressesOf(interfaceName),
    memberships: parseIgmp(read("/proc/net/igmp") ?? "", interfaceName),
    counters: parseCounters(read("/proc/net/dev") ?? "", interfaceName),
    reversePathFilter: { all: reversePathFilter("all"), interface: reversePathFilter(interfaceName) },
    routes,
    groupRoute: lookupRoute(routes, group)
  };
}
function addressesOf(interfaceName) {
  return ((0, import_node_os.networkInterfaces)()[interfaceName] ?? []).flatMap(
    ({ family, cidr }) => family === "IPv4" && cidr ? [cidr] : []
  );
}
function reversePathFilter(name) {
  const value = read(`/proc/sys/net/ipv4/conf/${name}/rp_filter`);
  return value === void 0 ? void 0 : Number(value);
}
function read(file2) {
  try {
    return (0, import_node_fs2.readFileSync)(file2, "utf8").trim();
  } catch {
    return void 0;
  }
}

// probe/lines.ts
function parseLine(text) {
  if (!text.startsWith("{")) return void 0;
  try {
    const line = JSON.parse(text);
    return line.role === "sender" || line.role === "receiver" ? line : void 0;
  } catch {
    return void 0;
  }
}
function printLine(line) {
  process.stdout.write(JSON.stringify(line) + "\n");
}

// probe/packet.ts
var import_node_crypto = require("node:crypto");
var MAGIC = Buffer.from("mlp1");
var STREAMS = ["test", "control"];
var BODY_BYTES = MAGIC.length + 1 + 8 + 4 + 2;
var SIGNATURE_BYTES = 16;
var PacketCodec = class {
  constructor(check) {
    this.check = check;
  }
  check;
  encode(packet) {
    const body = Buffer.alloc(BODY_BYTES);
    MAGIC.copy(body);
    body.writeUInt8(STREAMS.indexOf(packet.stream), 4);
    body.write(packet.incarnation, 5, 8, "hex");
    body.writeUInt32BE(packet.block, 13);
    body.writeUInt16BE(packet.index, 17);
    return Buffer.concat([body, this.signature(body)]);
  }
  /** The packet, or nothing when the datagram is not one of this check. */
  decode(datagram) {
    if (datagram.length !== BODY_BYTES + SIGNATURE_BYTES || !datagram.subarray(0, 4).equals(MAGIC)) return void 0;
    const body = datagram.subarray(0, BODY_BYTES);
    if (!(0, import_node_crypto.timingSafeEqual)(datagram.subarray(BODY_BYTES), this.signature(body))) return void 0;
    const stream = STREAMS[body.readUInt8(4)];
    if (!stream) return void 0;
    return {
      stream,
      incarnation: body.toString("hex", 5, 13),
      block: body.readUInt32BE(13),
      index: body.readUInt16BE(17)
    };
  }
  signature(body) {
    return (0, import_node_crypto.createHmac)("sha256", this.check).update(body).digest().subarray(0, SIGNATURE_BYTES);
  }
};

// probe/tally.ts
var KEPT_BLOCKS = 16;
var Tally = class {
  blocks = /* @__PURE__ */ new Map();
  add({ incarnation, stream, block, index }) {
    const key = `${incarnation} ${stream} ${block}`;
    const counts = this.blocks.get(key) ?? {
      sender: incarnation,
      stream,
      block,
      heard: /* @__PURE__ */ new Set(),
      duplicates: 0,
      outOfOrder: 0,
      highest: -1,
      changed: false
    };
    this.blocks.set(key, counts);
    counts.changed = true;
    if (counts.heard.has(index)) counts.duplicates += 1;
    else if (index < counts.highest) counts.outOfOrder += 1;
    counts.heard.add(index);
    counts.highest = Math.max(counts.highest, index);
  }
  /** The blocks that changed since the last call. */
  takeChanges() {
    const changed = [...this.blocks.values()].filter((counts) => counts.changed);
    this.forgetOldBlocks();
    return changed.map((counts) => {
      counts.changed = false;
      const { sender, stream, block, heard, duplicates, outOfOrder } = counts;
      return { sender, stream, block, received: heard.size, duplicates, outOfOrder };
    });
  }
  /** A Map keeps the order of insertion, so the first keys are the oldest blocks. */
  forgetOldBlocks() {
    const surplus = this.blocks.size - 2 * KEPT_BLOCKS;
    for (const key of [...this.blocks.keys()].slice(0, Math.max(0, surplus))) this.blocks.delete(key);
  }
};

// probe/receive.ts
var RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
async function receive(config) {
  const ports = /* @__PURE__ */ new Set([config.destinations.test.port, config.destinations.control.port]);
  const receiver = new Receiver(config);
  for (const port of ports) await receiver.listen(port);
  for (; ; ) {
    receiver.tick();
    await new Promise((resolve) => setTimeout(resolve, 1e3));
  }
}
var Receiver = class {
  constructor(config) {
    this.config = config;
    this.codec = new PacketCodec(config.check);
  }
  config;
  incarnation = (0, import_node_crypto2.randomBytes)(8).toString("hex");
  codec;
  tally = new Tally();
  sockets = /* @__PURE__ */ new Map();
  joinedAt = /* @__PURE__ */ new Map();
  firstHeardAfterMs = {};
  foreign = 0;
  async listen(port) {
    const socket = (0, import_node_dgram2.createSocket)({ type: "udp4", reuseAddr: true });
    socket.on("message", (datagram) => this.hear(datagram));
    await new Promise((resolve) => socket.bind(port, resolve));
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    this.sockets.set(port, socket);
  }
  /** Joins what is not joined yet, and prints. */
  tick() {
    const joinError = this.join();
    printLine({
      role: "receiver",
      at: Date.now(),
      incarnation: this.incarnation,
      joined: [...this.joinedAt.keys()],
      joinError,
      blocks: this.tally.takeChanges(),
      foreign: this.foreign,
      firstHeardAfterMs: this.firstHeardAfterMs,
      evidence: takeEvidence(this.config.interface, this.config.destinations.test.group)
    });
  }
  /** The kernel offers an unprivileged process no event that Node.js could wait on when an interface comes up. */
  join() {
    const { test, control } = this.config.destinations;
    const wanted = [...this.config.joins.map((group) => ({ group, port: test.port })), control];
    const missing = wanted.filter(({ group }) => !this.joinedAt.has(group));
    if (missing.length === 0) return void 0;
    const address = addressesOf(this.config.interface)[0]?.split("/")[0];
    if (address === void 0) return `${this.config.interface} has no IPv4 address or is down`;
    try {
      for (const { group, port } of missing) {
        this.sockets.get(port)?.addMembership(group, address);
        this.joinedAt.set(group, performance.now());
      }
      return void 0;
    } catch (error) {
      return String(error);
    }
  }
  hear(datagram) {
    const packet = this.codec.decode(datagram);
    if (!packet) {
      this.foreign += 1;
      return;
    }
    const { stream } = packet;
    const joinedAt = this.joinedAt.get(this.config.destinations[stream].group);
    if (joinedAt !== void 0) this.firstHeardAfterMs[stream] ??= Math.round(performance.now() - joinedAt);
    this.tally.add(packet);
  }
};

// probe/send.ts
var import_node_crypto3 = require("node:crypto");
var import_node_dgram3 = require("node:dgram");
var MAX_LAG_MS = 1e3;
var STREAMS2 = ["test", "control"];
async function send(config) {
  const socket = (0, import_node_dgram3.createSocket)({ type: "udp4", reuseAddr: true });
  await new Promise((resolve) => socket.bind(0, resolve));
  socket.setMulticastTTL(config.ttl);
  const sender = new Sender(config, socket);
  return sender.run();
}
var Sender = class {
  constructor(config, socket) {
    this.config = config;
    this.socket = socket;
    this.codec = new PacketCodec(config.check);
  }
  config;
  socket;
  incarnation = (0, import_node_crypto3.randomBytes)(8).toString("hex");
  codec;
  open = /* @__PURE__ */ new Map();
  startedAt = performance.now();
  /** Sequence number of the next datagram of both streams. */
  next = 0;
  async run() {
    for (; ; ) {
      const late = performance.now() - this.dueAt(this.next);
      if (late < 0) await new Promise((resolve) => setTimeout(resolve, -late));
      else if (late > MAX_LAG_MS) this.skipToNow();
      else this.sendNext();
    }
  }
  dueAt(sequence) {
    return this.startedAt + sequence * 1e3 / this.config.ratePerSecond;
  }
  skipToNow() {
    const seconds = Math.floor((performance.now() - this.startedAt) / 1e3) + 1;
    this.closeBlocksBefore(seconds);
    this.next = seconds * this.config.ratePerSecond;
  }
  sendNext() {
    const block = Math.floor(this.next / this.config.ratePerSecond);
    const index = this.next % this.config.ratePerSecond;
    if (index === 0) {
      if (this.config.bindToInterface) this.leaveByInterface();
      this.closeBlocksBefore(block);
    }
    this.next += 1;
    for (const stream of STREAMS2) this.sendOne(stream, block, index);
  }
  sendOne(stream, block, index) {
    const open = this.blockOf(block);
    const { group, port } = this.config.destinations[stream];
    open.pending += 1;
    this.socket.send(
      this.codec.encode({ stream, incarnation: this.incarnation, block, index }),
      port,
      group,
      (error) => {
        const counts = open.counts[stream];
        const code = error?.code ?? error?.message;
        if (code === void 0) counts.sent += 1;
        else counts.errors[code] = (counts.errors[code] ?? 0) + 1;
        open.pending -= 1;
      }
    );
  }
  blockOf(block) {
    const open = this.open.get(block) ?? {
      counts: { test: { sent: 0, errors: {} }, control: { sent: 0, errors: {} } },
      pending: 0
    };
    this.open.set(block, open);
    return open;
  }
  /** Reports the blocks that are over; one whose datagrams the kernel still holds waits for the next line. */
  closeBlocksBefore(current) {
    const blocks = [];
    for (const [block, { counts, pending }] of this.open) {
      if (block >= current || pending > 0) continue;
      this.open.delete(block);
      blocks.push(...STREAMS2.map((stream) => ({ stream, block, ...counts[stream] })));
    }
    printLine({
      role: "sender",
      at: Date.now(),
      incarnation: this.incarnation,
      blocks,
      evidence: takeEvidence(this.config.interface, this.config.destinations.test.group)
    });
  }
  leaveByInterface() {
    const address = addressesOf(this.config.interface)[0]?.split("/")[0];
    if (address !== void 0) this.socket.setMulticastInterface(address);
  }
};

// probe/service-ask.ts
var import_node_net2 = require("node:net");

// probe/log-follower.ts
var import_node_readline = require("node:readline");
var REOPEN_PAUSE_MS = 500;
async function followLog(api, pod, onLine, signal) {
  const query = `container=probe&follow=true&sinceSeconds=${pod.historySeconds}`;
  const path2 = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log?${query}`;
  while (!signal.aborted) {
    try {
      const response = await api.open(path2, signal);
      for await (const line of (0, import_node_readline.createInterface)({ input: response })) onLine(line);
    } catch (error) {
      if (!signal.aborted && !(error instanceof ApiError)) api.retries += 1;
    }
    await pause(REOPEN_PAUSE_MS, signal);
  }
}
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener("abort", finish);
  });
}

// probe/pod-state.ts
function podState({ spec, metadata, status }) {
  const leaving = metadata?.deletionTimestamp !== void 0;
  return {
    exists: true,
    phase: leaving ? "Terminating" : status?.phase,
    node: spec?.nodeName,
    containerReason: containerReason(status?.containerStatuses?.[0]?.state)
  };
}
function containerReason(state) {
  return state?.waiting?.reason ?? state?.terminated?.reason;
}
async function readPodState(api, namespace, pod) {
  try {
    return podState(await api.json("GET", `/api/v1/namespaces/${namespace}/pods/${pod}`));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { exists: false };
    throw error;
  }
}

// probe/service-ask.ts
var ASK_EVERY_MS = 500;
var ANSWER_WITHIN_MS = 2e3;
async function serviceAsk(config, api) {
  const startedAt = /* @__PURE__ */ new Date();
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1e3;
  const { namespace } = config.report;
  const hosts = await Promise.all(config.services.map((service) => addressOf(api, namespace, service)));
  let rightSince = seconds();
  let tallies = [];
  while (seconds() - rightSince < config.windowSeconds && seconds() < config.deadlineSeconds) {
    const replies = await Promise.all(hosts.map((host) => askOnce(host, config.port)));
    const right = replies.map((reply, index) => isRight(reply, config.services[index]));
    const before = right.includes(false) ? [] : tallies;
    if (right.includes(false)) rightSince = seconds();
    tallies = replies.map((last, index) => ({
      asked: (before[index]?.asked ?? 0) + 1,
      right: (before[index]?.right ?? 0) + (right[index] === true ? 1 : 0),
      last
    }));
    await pause(ASK_EVERY_MS, new AbortController().signal);
  }
  const states = config.services.map(async ({ pod, isPod }) => isPod ? readPodState(api, namespace, pod) : void 0);
  const judgedSeconds = Math.round(seconds() - rightSince);
  return reportOn(config, tallies, await Promise.all(states), { startedAt, judgedSeconds }, api.retries);
}
async function addressOf(api, namespace, { service }) {
  const path2 = `/api/v1/namespaces/${namespace}/services/${service}`;
  const { spec } = await api.json("GET", path2);
  if (spec?.clusterIP === void 0) throw new Error(`Service ${service} has no address`);
  return spec.clusterIP;
}
function askOnce(host, port) {
  return new Promise((resolve) => {
    let text = "";
    const connection = (0, import_node_net2.connect)({ host, port, timeout: ANSWER_WITHIN_MS });
    connection.setEncoding("utf8");
    connection.on("data", (chunk) => text += chunk);
    connection.on("timeout", () => connection.destroy(new Error(`no answer for ${ANSWER_WITHIN_MS} ms`)));
    connection.on("error", ({ message }) => resolve({ error: `${message} (${host}:${port})` }));
    connection.on("close", () => resolve(parseAnswer(text)));
  });
}
function parseAnswer(text) {
  try {
    const value = JSON.parse(text);
    if (typeof value?.name === "string" && Array.isArray(value.hears)) return { answer: value };
  } catch {
  }
  return { error: `the answer was ${JSON.stringify(text.slice(0, 80))}` };
}
function isRight(reply, service) {
  return service !== void 0 && faultOf(reply, service) === void 0;
}
function faultOf(reply, { name, hears }) {
  if ("error" in reply) return `the Service did not answer: ${reply.error}`;
  const { answer: answer2 } = reply;
  if (answer2.name !== name) return `${JSON.stringify(answer2.name)} answered instead`;
  const deaf = hears.filter((other) => !answer2.hears.includes(other));
  const over = answer2.hears.filter((other) => !hears.includes(other));
  if (deaf.length === 0 && over.length === 0) return void 0;
  return [
    ...deaf.length > 0 ? [`does not hear ${deaf.join(", ")}`] : [],
    ...over.length > 0 ? [`hears ${over.join(", ")}, which it must not`] : [],
    ...answer2.trouble === void 0 ? [] : [`its last trouble: ${answer2.trouble}`]
  ].join("; ");
}
function reportOn(config, tallies, states, { startedAt, judgedSeconds }, transportRetries) {
  const { report, destination, sender } = config;
  const receivers = config.services.map((service, index) => receiverOf(config, service, tallies[index], states[index]));
  const passed = receivers.filter(({ verdict: verdict2 }) => verdict2 === "passed").length;
  const green = passed === receivers.length && judgedSeconds >= config.windowSeconds;
  const evidence = takeEvidence(config.interface, destination.group);
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    kind: "service",
    check: report.check,
    namespace: report.namespace,
    ...destination,
    ttl: config.ttl,
    network: config.network,
    interface: config.interface,
    image: report.image,
    verdict: green ? "passed" : "failed",
    summary: `${passed} of ${receivers.length} Services answered as they must${green ? ` for ${judgedSeconds} s` : ""}`,
    sender: { ...sender, addresses: evidence.addresses, evidence },
    receivers,
    times: { startedAt: startedAt.toISOString(), judgedAt: (/* @__PURE__ */ new Date()).toISOString(), judgedSeconds },
    transportRetries
  };
}
function receiverOf({ destination }, service, tally, state) {
  const { name, pod, hears } = service;
  const { asked = 0, right = 0, last = { error: "it was not asked" } } = tally ?? {};
  const fault = faultOf(last, service);
  const lossPercent = asked === 0 ? 100 : Math.round((1 - right / asked) * 1e4) / 100;
  const notCounted = { duplicates: 0, outOfOrder: 0, foreign: 0, controlSent: 0, controlReceived: 0 };
  return {
    name,
    pod,
    node: state?.node ?? service.node,
    addresses: [],
    joins: [destination.group],
    expectation: "heard",
    verdict: fault === void 0 ? "passed" : "failed",
    reason: fault === void 0 ? `answered, and hears ${hears.join(", ") || "nobody"}` : `${fault}${stateText(state)}`,
    numbers: { sent: asked, received: right, lossPercent, ...notCounted }
  };
}
function stateText(state) {
  return state === void 0 || state.phase === "Running" ? "" : `; its pod is ${state.phase ?? "not there"}`;
}

// probe/socat.ts
var import_node_child_process = require("node:child_process");

// probe/diagnosis.ts
var certain = (text) => ({ text, certain: true });
var senderPod = ({ sender }) => podCause(sender);
var senderLink = ({ sender }) => linkCause(sender);
var senderRoute = ({ network, destinations, interface: name, sender, sendErrors }) => {
  const { group } = destinations.test;
  const place = network.kind === "attached" ? "network" : "pod";
  const remedy = `add the route 224.0.0.0/4 dev ${name} to the ${place}`;
  const code = Object.keys(sendErrors)[0];
  if (code === "ENETUNREACH") return certain(`the sender has no route to ${group} (ENETUNREACH); ${remedy}`);
  const by = sender.evidence?.groupRoute?.interface;
  if (by !== void 0 && by !== name)
    return certain(`the sender's route to ${group} leaves by ${by}, not ${name}; ${remedy}`);
  return code === void 0 ? void 0 : certain(`the sender's kernel refuses to send to ${group} (${code})`);
};
var receiverPod = ({ receiver }) => podCause(receiver);
var receiverLink = ({ receiver }) => linkCause(receiver);
var membership = ({ destinations, interface: name, receiver }) => {
  const wanted = receiver.expect === "heard" ? destinations.test.group : destinations.control.group;
  const joined = receiver.evidence?.memberships.groups.includes(wanted) ?? true;
  if (joined) return void 0;
  const why = receiver.joinError === void 0 ? "" : ` (${receiver.joinError})`;
  return certain(`the receiver has not joined ${wanted} on ${name}, as /proc/net/igmp shows${why}`);
};
var duplicateAddress = ({ sender, receiver }) => {
  const shared = addresses(sender).find((address) => addresses(receiver).includes(address));
  if (shared === void 0) return void 0;
  return certain(`sender and receiver both have the address ${shared}; give each pod an address of its own`);
};
var reversePathFilter2 = ({ interface: name, sender, receiver }) => {
  const source = addresses(sender)[0];
  if (!receiver.evidence || source === void 0) return void 0;
  const { all = 0, interface: own = 0 } = receiver.evidence.reversePathFilter;
  const back = lookupRoute(receiver.evidence.routes, source)?.interface;
  if (Math.max(all, own) !== 1 || back === name) return void 0;
  return certain(
    `rp_filter is strict on the receiver's ${name} and its route back to ${source} leaves by ${back ?? "no interface"}; add that route on ${name} or set net.ipv4.conf.${name}.rp_filter=2`
  );
};
var timeToLive = ({ ttl, sender, receiver }) => {
  const source = addresses(sender)[0];
  const subnets = receiver.evidence?.addresses ?? [];
  if (ttl > 1 || source === void 0 || subnets.length === 0 || subnets.some((cidr) => contains(cidr, source)))
    return void 0;
  return certain(`TTL ${ttl} does not cross the router between ${source} and ${subnets.join(", ")}; raise ttl`);
};
var SUSPECTS = {
  attached: "IGMP snooping without a querier, a firewall, refused promiscuous mode or a MAC limit on the hypervisor's port, a macvlan mode other than bridge",
  cluster: "the namespace's multicast switch (OVN-Kubernetes: the annotation k8s.ovn.org/multicast-enabled=true; a receiver that joined before it hears after the next query), sender and receiver in one namespace, a TTL above 1 between nodes"
};
var path = ({ network, destinations, interface: name, sender, receiver, heardTest, heardControl }) => {
  const { test, control } = destinations;
  if (heardTest > 0) return void 0;
  if (heardControl > 0)
    return {
      text: `the receiver hears the control group ${control.group} but not ${test.group}, so the path forwards one and not the other: look for IGMP snooping without a querier, or a filter on that group`,
      certain: false
    };
  const [from, to] = [sender.state?.node, receiver.state?.node];
  const where = from === to ? `between two pods of node ${from}` : `from node ${from} to node ${to}`;
  return {
    text: `routes, memberships and ${name} are in order at both ends, but no multicast comes ${where}: look for ${SUSPECTS[network.kind]}`,
    certain: false
  };
};
var FINDERS = [
  senderPod,
  senderLink,
  senderRoute,
  receiverPod,
  receiverLink,
  membership,
  duplicateAddress,
  reversePathFilter2,
  timeToLive,
  path
];
function diagnose(given) {
  for (const finder of FINDERS) {
    const cause = finder(given);
    if (cause) return cause;
  }
  return void 0;
}
function diagnoseLeak({ destinations, interface: name, receiver }) {
  const { group } = destinations.test;
  return receiver.evidence?.memberships.groups.includes(group) ? `the receiver's ${name} has joined ${group}, as /proc/net/igmp shows` : `the receiver's ${name} has not joined ${group}, yet its kernel delivered it`;
}
function podCause({ title, pod, state, quiet }) {
  if (state && !state.exists) return certain(`${title}'s pod ${pod} does not exist`);
  if (state?.phase !== void 0 && state.phase !== "Running") {
    const why2 = state.containerReason === void 0 ? "" : ` (${state.containerReason})`;
    return certain(`${title}'s pod ${pod} is ${state.phase}${why2}`);
  }
  if (!quiet) return void 0;
  const why = state?.containerReason === void 0 ? "" : `; its container is in ${state.containerReason}`;
  return { text: `${title}'s pod ${pod} prints nothing${why}`, certain: false };
}
function linkCause({ title, evidence }) {
  if (!evidence) return void 0;
  const { interface: name, present, carrier, operstate, addresses: own } = evidence;
  if (!present) return certain(`${title}'s pod has no interface ${name}; see its network-status annotation`);
  if (carrier === void 0) return certain(`${title}'s ${name} is down`);
  if (!carrier || operstate === "lowerlayerdown")
    return certain(`${title}'s ${name} has no carrier: the host's interface under it is down or unplugged`);
  return own.length === 0 ? certain(`${title}'s ${name} has no IPv4 address`) : void 0;
}
function addresses({ evidence }) {
  return (evidence?.addresses ?? []).map((cidr) => cidr.split("/")[0] ?? cidr);
}

// probe/socat.ts
var TRY_AGAIN_MS = 500;
async function socatListen({ destination, interface: name }) {
  let address = ownAddress(name);
  while (address === void 0) {
    await wait(TRY_AGAIN_MS);
    address = ownAddress(name);
  }
  const { group, port } = destination;
  const listener = (0, import_node_child_process.spawn)(
    "socat",
    [`UDP4-RECVFROM:${port},ip-add-membership=${group}:${address},fork`, "EXEC:hostname"],
    {
      stdio: ["ignore", "inherit", "inherit"]
    }
  );
  process.on("exit", () => listener.kill());
  return new Promise((resolve, reject) => {
    listener.on("error", reject);
    listener.on("exit", (code) => resolve(code ?? 1));
  });
}
async function socatAsk(config, api) {
  const startedAt = /* @__PURE__ */ new Date();
  const deadline = performance.now() + config.deadlineSeconds * 1e3;
  const attempts = [];
  do {
    const attempt = await askOnce2(config);
    attempts.push(attempt);
    if (attempt.answer === config.answer) break;
    await wait(TRY_AGAIN_MS);
  } while (performance.now() < deadline);
  return reportOn2(config, api, attempts, startedAt);
}
function askOnce2({ destination, range, ttl }) {
  const target = `UDP4-DATAGRAM:${destination.group}:${destination.port},range=${range},ip-multicast-ttl=${ttl}`;
  return new Promise((resolve, reject) => {
    const socat = (0, import_node_child_process.spawn)("socat", ["STDIO", target], { stdio: ["pipe", "pipe", "pipe"] });
    let answer2 = "";
    let complaint = "";
    socat.stdout.on("data", (chunk) => answer2 += chunk.toString("utf8"));
    socat.stderr.on("data", (chunk) => complaint += chunk.toString("utf8"));
    socat.on("error", reject);
    socat.on("close", () => resolve({ answer: answer2.trim(), complaint: complaint.trim() }));
    socat.stdin.on("error", () => void 0);
    socat.stdin.end("\n");
  });
}
async function reportOn2(config, api, attempts, startedAt) {
  const { report, destination, listener, sender, answer: answer2 } = config;
  const state = await readPodState(api, report.namespace, listener.pod);
  const evidence = takeEvidence(config.interface, destination.group);
  const answers = attempts.filter((attempt) => attempt.answer === answer2).length;
  const verdict2 = answers > 0 ? "passed" : "failed";
  const asked = `answered ${answers} of ${attempts.length} questions to ${destination.group}:${destination.port}`;
  const reason = answers > 0 ? `${asked} with "${answer2}"` : `${asked}: ${explain(config, attempts, state)}`;
  const place = { node: state.node ?? listener.node, addresses: [], joins: [destination.group] };
  const numbers = numbersOf(attempts.length, answers);
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    kind: "socat",
    check: report.check,
    namespace: report.namespace,
    ...destination,
    ttl: config.ttl,
    network: config.network,
    interface: config.interface,
    image: report.image,
    verdict: verdict2,
    summary: `socat: ${listener.name} ${reason}`,
    sender: { ...sender, addresses: evidence.addresses, evidence },
    receivers: [{ ...listener, ...place, expectation: "heard", verdict: verdict2, reason, numbers }],
    times: timesSince(startedAt),
    transportRetries: api.retries
  };
}
function timesSince(startedAt) {
  const judgedAt = /* @__PURE__ */ new Date();
  const judgedSeconds = Math.round((judgedAt.getTime() - startedAt.getTime()) / 1e3);
  return { startedAt: startedAt.toISOString(), judgedAt: judgedAt.toISOString(), judgedSeconds };
}
function numbersOf(sent, received) {
  const lossPercent = Math.round((1 - received / sent) * 1e4) / 100;
  const notCounted = { duplicates: 0, outOfOrder: 0, foreign: 0, controlSent: 0, controlReceived: 0 };
  return { sent, received, lossPercent, ...notCounted };
}
function explain(config, attempts, state) {
  const last = attempts.at(-1);
  const other = attempts.find(({ answer: answer2 }) => answer2 !== "")?.answer;
  if (other !== void 0) return `"${other}" answered, not "${config.answer}"; another listener uses this group`;
  const cause = diagnose(caseOf(config, state, last?.complaint ?? ""));
  const complaint = last?.complaint ? `; socat says: ${last.complaint.split("\n").at(-1)}` : "";
  return (cause?.text ?? "no answer came") + complaint;
}
function caseOf(config, state, complaint) {
  const side = (title, pod) => ({ title, pod, quiet: false });
  const sendErrors = complaint.includes("Network is unreachable") ? { ENETUNREACH: 1 } : {};
  return {
    network: config.network,
    destinations: { test: config.destination, control: config.destination },
    ttl: config.ttl,
    interface: config.interface,
    sender: {
      ...side("the sender", config.sender.pod),
      evidence: takeEvidence(config.interface, config.destination.group),
      state: { exists: true, phase: "Running", node: config.sender.node }
    },
    sendErrors,
    receiver: { ...side("the listener", config.listener.pod), state, expect: "heard" },
    heardTest: 0,
    heardControl: 0
  };
}
function ownAddress(name) {
  return addressesOf(name)[0]?.split("/")[0];
}
function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// probe/judge.ts
var QUIET_MS = 4e3;
function judgeReceiver(situation, receiver, blocks, isWindow) {
  const numbers = count(situation, receiver, blocks);
  const found = outcome(situation, receiver, numbers, blocks);
  const { verdict: verdict2, text } = found.verdict === "passed" && !isWindow ? pastOutcome(situation, receiver) : found;
  const { test } = situation.config.destinations;
  const heard = `heard ${numbers.received} of ${numbers.sent} packets of ${test.group}:${test.port}`;
  return {
    ...podReport(situation, receiver),
    expectation: receiver.expect,
    joins: receiver.joins,
    verdict: verdict2,
    reason: text === void 0 ? heard : `${heard}: ${text}`,
    numbers
  };
}
function obstacle(situation, receiver) {
  const latest = situation.observations.latest(situation.now).slice(-1);
  const numbers = count(situation, receiver, latest);
  const given = caseOf2(situation, receiver, numbers);
  const hears = numbers.controlReceived > 0 && (receiver.expect === "silent" || numbers.received > 0);
  return hears && !given.sender.quiet ? void 0 : diagnose(given);
}
function podReport({ observations, config, podStates: podStates2 }, checked) {
  const line = checked === config.sender ? observations.senderLine : observations.receiverLine(checked.pod);
  return {
    name: checked.name,
    pod: checked.pod,
    node: podStates2.get(checked.pod)?.node ?? checked.node,
    addresses: line?.evidence.addresses ?? [],
    evidence: line?.evidence
  };
}
function outcome(situation, receiver, numbers, blocks) {
  const given = caseOf2(situation, receiver, numbers);
  if (receiver.expect === "heard") return judgeHeard(situation.config.maxLossPercent, numbers, given);
  if (numbers.received > 0) return { verdict: "failed", text: `silence was expected, but ${diagnoseLeak(given)}` };
  const deaf = blocks.filter(({ number }) => !situation.observations.heard(receiver.pod, "control", number));
  if (numbers.sent > 0 && numbers.controlSent > 0 && deaf.length === 0) return { verdict: "passed" };
  const cause = diagnose(given)?.text;
  const proof = numbers.sent === 0 ? "nothing was sent" : "it did not hear the control group all the time either";
  return { verdict: "inconclusive", text: `silence proves nothing, since ${proof}${cause ? `: ${cause}` : ""}` };
}
function pastOutcome(situation, receiver) {
  const cause = obstacle(situation, receiver);
  if (cause === void 0) return { verdict: "passed" };
  const verdict2 = receiver.expect === "heard" ? "failed" : "inconclusive";
  return { verdict: verdict2, text: `that is past, and now ${cause.text}` };
}
function judgeHeard(maxLossPercent, numbers, given) {
  if (numbers.sent > 0 && numbers.lossPercent <= maxLossPercent) return { verdict: "passed" };
  const cause = diagnose(given)?.text;
  if (numbers.received === 0) return { verdict: "failed", text: cause ?? "nothing was sent" };
  const loss = `lost ${numbers.lossPercent} %, at most ${maxLossPercent} % are allowed`;
  return { verdict: "failed", text: cause ? `${loss}; ${cause}` : loss };
}
function count({ observations }, { pod }, blocks) {
  const heard = (stream) => blocks.flatMap(({ number }) => observations.heard(pod, stream, number) ?? []);
  const test = heard("test");
  const line = observations.receiverLine(pod);
  const sent = sum(blocks.map((block) => block.sent.test));
  const received = sum(test.map((block) => block.received));
  return {
    sent,
    received,
    lossPercent: sent === 0 ? 100 : Math.max(0, Math.round((1 - received / sent) * 1e4) / 100),
    duplicates: sum(test.map(({ duplicates }) => duplicates)),
    outOfOrder: sum(test.map(({ outOfOrder }) => outOfOrder)),
    foreign: line?.foreign ?? 0,
    controlSent: sum(blocks.map((block) => block.sent.control)),
    controlReceived: sum(heard("control").map((block) => block.received)),
    firstHeardAfterMs: line?.firstHeardAfterMs.test
  };
}
function caseOf2(situation, receiver, numbers) {
  const { config, observations, now } = situation;
  const line = observations.receiverLine(receiver.pod);
  const side = (title, pod, evidence) => ({
    title,
    pod,
    state: situation.podStates.get(pod),
    evidence,
    quiet: now - (observations.readAt(pod) ?? -Infinity) > QUIET_MS
  });
  return {
    network: config.network,
    destinations: config.destinations,
    ttl: config.ttl,
    interface: config.interface,
    sender: side("the sender", config.sender.pod, observations.senderLine?.evidence),
    sendErrors: observations.latest(now).at(-1)?.errors ?? {},
    receiver: {
      ...side("the receiver", receiver.pod, line?.evidence),
      joinError: line?.joinError,
      expect: receiver.expect
    },
    heardTest: numbers.received,
    heardControl: numbers.controlReceived
  };
}
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

// probe/observations.ts
var FRESH_BLOCKS = 3;
var HISTORY_MS = 500;
var SETTLE_MS = 3e3;
var Observations = class {
  constructor(config) {
    this.config = config;
    for (const { pod } of config.receivers) this.receivers.set(pod, { heard: /* @__PURE__ */ new Map(), highestControl: /* @__PURE__ */ new Map() });
  }
  config;
  sender;
  firstSenderLineAt;
  blocks = [];
  receivers = /* @__PURE__ */ new Map();
  lastReadAt = /* @__PURE__ */ new Map();
  /** The sender's last line. */
  get senderLine() {
    return this.sender;
  }
  /** A receiver's last line. */
  receiverLine(pod) {
    return this.receivers.get(pod)?.line;
  }
  /** When a pod's last line was read; nothing for a pod that has printed none. */
  readAt(pod) {
    return this.lastReadAt.get(pod);
  }
  /** Takes a line that was read at `now`. */
  add(pod, line, now) {
    this.lastReadAt.set(pod, now);
    if (line.role === "sender") this.addSenderLine(line, now);
    else this.addReceiverLine(pod, line);
  }
  /** Counts of a receiver in one block of the sender's present run. */
  heard(pod, stream, block) {
    return this.receivers.get(pod)?.heard.get(`${this.sender?.incarnation} ${stream} ${block}`);
  }
  /**
   * The blocks to judge, once they are complete: `windowSeconds` in a row since every receiver hears what it must. They may
   * lie in the past, since the pods count all the time; some must be new, so that what broke just now is seen.
   * From its first new block on, nothing that is lost moves the window.
   */
  window(now) {
    const settled = this.settledBlocks(now);
    const steady = settled.slice(this.firstSteady(settled));
    const fresh = Math.min(FRESH_BLOCKS, this.config.windowSeconds);
    const newsFrom = (this.firstSenderLineAt ?? now) + HISTORY_MS;
    for (let end = this.config.windowSeconds; end <= steady.length; end += 1) {
      const window = steady.slice(end - this.config.windowSeconds, end);
      if (window.filter(({ readAt }) => readAt >= newsFrom).length >= fresh) return window;
    }
    return void 0;
  }
  /** The last blocks that are over: what is judged when there is no window. */
  latest(now) {
    return this.settledBlocks(now).slice(-this.config.windowSeconds);
  }
  /** Blocks of the sender's present run that a receiver can have no more to say about. */
  settledBlocks(now) {
    return this.blocks.filter(
      ({ number, readAt }) => now - readAt >= SETTLE_MS || [...this.receivers.values()].every(
        ({ highestControl }) => (highestControl.get(this.sender?.incarnation ?? "") ?? -1) > number
      )
    );
  }
  /**
   * Index of the first block that counts. Until everyone hears what it must, the start moves on; the first block in which
   * they do may have been cut in half by a join, so the one after it counts.
   */
  firstSteady(settled) {
    const newsFrom = (this.firstSenderLineAt ?? 0) + HISTORY_MS;
    let first = 1;
    for (const [index, block] of settled.entries()) {
      if (!this.reachesEveryone(block)) first = index + 2;
      else if (index >= first && block.readAt >= newsFrom) break;
    }
    return first;
  }
  /**
   * Whether a block's control group came to every receiver, and its test group to those that must hear it: a switch that
   * snoops may learn of one membership up to 10 s after the other (RFC 9776, query response interval).
   */
  reachesEveryone({ number, sent }) {
    return sent.control > 0 && this.config.receivers.every(
      ({ pod, expect }) => this.heard(pod, "control", number) && (expect === "silent" || this.heard(pod, "test", number))
    );
  }
  addSenderLine(line, now) {
    if (line.incarnation !== this.sender?.incarnation) {
      this.blocks = [];
      this.firstSenderLineAt ??= now;
    }
    this.sender = line;
    const known = new Set(this.blocks.map(({ number }) => number));
    for (const { block, sent, errors } of line.blocks.filter(({ stream }) => stream === "test")) {
      const control = line.blocks.find((other) => other.block === block && other.stream === "control");
      if (known.has(block)) continue;
      this.blocks.push({ number: block, readAt: now, sent: { test: sent, control: control?.sent ?? 0 }, errors });
    }
  }
  addReceiverLine(pod, line) {
    const record = this.receivers.get(pod);
    if (!record) return;
    if (record.line && record.line.incarnation !== line.incarnation) record.heard.clear();
    record.line = line;
    for (const block of line.blocks) {
      const key = `${block.sender} ${block.stream} ${block.block}`;
      if (block.received >= (record.heard.get(key)?.received ?? 0)) record.heard.set(key, block);
      if (block.stream !== "control") continue;
      record.highestControl.set(block.sender, Math.max(record.highestControl.get(block.sender) ?? -1, block.block));
    }
  }
};

// probe/verdict.ts
var LOOK_MS = 500;
var FAULT_STANDS_MS = 3e3;
var HISTORY_MARGIN_SECONDS = 5;
async function verdict(config, api) {
  const startedAt = /* @__PURE__ */ new Date();
  const situation = await watch(config, api);
  return judge(situation, startedAt, api.retries);
}
async function watch(config, api) {
  const observations = new Observations(config);
  const stop = new AbortController();
  const pods = [config.sender, ...config.receivers];
  const followers = pods.map(({ pod }) => {
    const source = {
      namespace: config.report.namespace,
      name: pod,
      historySeconds: config.windowSeconds + HISTORY_MARGIN_SECONDS
    };
    const onLine = (text) => {
      const line = parseLine(text);
      if (line) observations.add(pod, line, performance.now());
    };
    return followLog(api, source, onLine, stop.signal);
  });
  try {
    await untilDecided(config, api, observations);
    return { config, observations, podStates: await podStates(config, api), now: performance.now() };
  } finally {
    stop.abort();
    await Promise.all(followers);
  }
}
async function untilDecided(config, api, observations) {
  const startedAt = performance.now();
  let faultSince = startedAt;
  for (; ; ) {
    const now = performance.now();
    if (observations.window(now) || now - startedAt >= config.deadlineSeconds * 1e3) return;
    const situation = { config, observations, podStates: await podStates(config, api), now };
    if (!config.receivers.some((receiver) => obstacle(situation, receiver)?.certain)) faultSince = now;
    if (now - faultSince >= FAULT_STANDS_MS) return;
    await pause(LOOK_MS, new AbortController().signal);
  }
}
async function podStates(config, api) {
  const states = [config.sender, ...config.receivers].map(
    async ({ pod }) => [pod, await readPodState(api, config.report.namespace, pod)]
  );
  return new Map(await Promise.all(states));
}
function judge(situation, startedAt, transportRetries) {
  const { config, observations, now } = situation;
  const window = observations.window(now);
  const blocks = window ?? observations.latest(now);
  const receivers = config.receivers.map(
    (receiver) => judgeReceiver(situation, receiver, blocks, window !== void 0)
  );
  const passed = receivers.filter(({ verdict: each }) => each === "passed");
  const green = window !== void 0 && passed.length === receivers.length;
  const { test, control } = config.destinations;
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    kind: "stream",
    check: config.report.check,
    namespace: config.report.namespace,
    ...test,
    ttl: config.ttl,
    controlGroup: control.group,
    network: config.network,
    interface: config.interface,
    image: config.report.image,
    verdict: green ? "passed" : "failed",
    summary: summarise(situation, blocks, window !== void 0, passed.length),
    sender: podReport(situation, config.sender),
    receivers,
    times: { startedAt: startedAt.toISOString(), judgedAt: (/* @__PURE__ */ new Date()).toISOString(), judgedSeconds: blocks.length },
    transportRetries
  };
}
function summarise(situation, blocks, complete, passed) {
  const { config } = situation;
  const { group, port } = config.destinations.test;
  const met = `${passed} of ${config.receivers.length} expectations met for ${group}:${port}`;
  if (complete) return `${met} over ${blocks.length} s`;
  const causes = config.receivers.flatMap((receiver) => obstacle(situation, receiver)?.text ?? []);
  const why = causes[0] ?? "not every receiver heard what it must for long enough";
  return `${met}, but there were no ${config.windowSeconds} s to judge within ${config.deadlineSeconds} s: ${why}`;
}

// probe/main.ts
async function run(config) {
  switch (config.mode) {
    case "send":
      return send(config);
    case "receive":
      return receive(config);
    case "socat-listen":
      return socatListen(config);
    case "answer":
      return answer(config);
    case "verdict":
    case "socat-ask":
    case "service-ask":
    case "status-ask":
      return conclude(config, new KubeApi(inClusterAccess(process.env)));
  }
}
async function conclude(config, api) {
  const report = await judge2(config, api);
  process.stdout.write(`${JSON.stringify(report)}
${report.summary}
`);
  await publish(api, config.report, ownPod(process.env), report);
  return report.verdict === "passed" ? 0 : 1;
}
function judge2(config, api) {
  switch (config.mode) {
    case "verdict":
      return verdict(config, api);
    case "socat-ask":
      return socatAsk(config, api);
    case "service-ask":
      return serviceAsk(config, api);
    case "status-ask":
      return statusAsk(config, api);
  }
}
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(130));
var file = process.argv[2];
if (file === void 0) {
  process.stderr.write("usage: node probe.cjs CONFIG.json\n");
  process.exit(2);
}
run(JSON.parse((0, import_node_fs3.readFileSync)(file, "utf8"))).then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}
`);
    process.exit(3);
  }
);
