"use strict";

// probe/visible.ts
var UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;
function visible(text2) {
  return text2.replace(UNSEEN, escaped);
}
function visibleLines(text2) {
  return text2.split(/\r?\n/).map(visible).join("\n");
}
function escaped(sign) {
  return `\\u{${sign.codePointAt(0)?.toString(16)}}`;
}
function visibleIn(value) {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(visibleIn);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [visible(key), visibleIn(member)]));
}

// probe/main.ts
var import_node_fs7 = require("node:fs");

// probe/answer.ts
var import_node_dgram = require("node:dgram");
var import_node_net3 = require("node:net");

// probe/shape.ts
var import_node_net = require("node:net");
var ShapeError = class extends Error {
  constructor(must) {
    super(must);
    this.name = "ShapeError";
  }
};
function text(maxLength) {
  return (value) => {
    if (typeof value === "string" && value.length <= maxLength) return value;
    throw new ShapeError(`must be text of at most ${maxLength} characters`);
  };
}
function matching(pattern) {
  return (value) => {
    if (typeof value === "string" && pattern.test(value)) return value;
    throw new ShapeError(`must match ${pattern.source}`);
  };
}
function number(lowest, highest) {
  return (value) => {
    if (typeof value === "number" && value >= lowest && value <= highest) return value;
    throw new ShapeError(`must be a number from ${lowest} to ${highest}`);
  };
}
function integer(lowest, highest) {
  const within2 = number(lowest, highest);
  return (value) => {
    if (Number.isInteger(within2(value))) return value;
    throw new ShapeError("must be a whole number");
  };
}
var count = integer(0, Number.MAX_SAFE_INTEGER);
var flag = (value) => {
  if (typeof value === "boolean") return value;
  throw new ShapeError("must be true or false");
};
function oneOf(...words2) {
  return (value) => {
    if (words2.includes(value)) return value;
    throw new ShapeError(`must be one of ${words2.join(", ")}`);
  };
}
var addressText = (value) => {
  const [address = "", length, ...rest] = typeof value === "string" ? value.split("/") : [];
  const bits = (0, import_node_net.isIP)(address) === 6 ? 128 : 32;
  const fits = length === void 0 || /^\d{1,3}$/.test(length) && Number(length) <= bits;
  if ((0, import_node_net.isIP)(address) !== 0 && !address.includes("%") && fits && rest.length === 0) return value;
  throw new ShapeError("must be an IP address");
};
function optional(shape) {
  return (value) => value === void 0 || value === null ? void 0 : shape(value);
}
function list(each, maxLength) {
  return (value) => {
    if (!Array.isArray(value) || value.length > maxLength)
      throw new ShapeError(`must be a list of at most ${maxLength} entries`);
    return value.map((entry, index) => within(`[${index}]`, () => each(entry)));
  };
}
function record(each, maxSize) {
  return (value) => {
    const entries = Object.entries(plainObject(value));
    if (entries.length > maxSize || entries.some(([key]) => key.length > 256))
      throw new ShapeError(`must be an object of at most ${maxSize} keys`);
    return Object.fromEntries(entries.map(([key, entry]) => [key, within(`.${key}`, () => each(entry))]));
  };
}
function object(members) {
  return (value) => {
    const given = plainObject(value);
    const read4 = Object.entries(members).flatMap(([key, shape]) => {
      const member = within(`.${key}`, () => shape(Object.hasOwn(given, key) ? given[key] : void 0));
      return member === void 0 ? [] : [[key, member]];
    });
    return Object.fromEntries(read4);
  };
}
function parseJson(json, shape) {
  let value;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ShapeError("must be JSON");
  }
  return shape(value);
}
function tryParse(json, shape) {
  try {
    return parseJson(json, shape);
  } catch (error) {
    if (error instanceof ShapeError) return void 0;
    throw error;
  }
}
function plainObject(value) {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new ShapeError("must be an object");
}
function within(place, read4) {
  try {
    return read4();
  } catch (error) {
    if (error instanceof ShapeError)
      throw new ShapeError(`${place}${error.message.startsWith("must") ? " " : ""}${error.message}`);
    throw error;
  }
}

// probe/answer-text.ts
var answerShape = object({
  name: text(253),
  hears: list(text(253), 1e3),
  trouble: optional(text(1e3)),
  node: optional(text(253))
});
function signAnswer(key, question, answer2) {
  const json = JSON.stringify(answer2);
  return `${key.sign("answer", question, json).toString("hex")} ${json}
`;
}
function readAnswer(key, question, received) {
  const [, signature = "", json = ""] = /^([0-9a-f]{64}) ([^\n]+)\n$/.exec(received) ?? [];
  if (json === "" || !key.verify("answer", Buffer.from(signature, "hex"), question, json)) return void 0;
  return tryParse(json, answerShape);
}

// probe/door.ts
var MAX_WAITING = 32;
var MAX_LINE_BYTES = 256;
function admit(server, { withinMs, greet }, onLine) {
  const waiting2 = /* @__PURE__ */ new Set();
  server.on("connection", (connection) => {
    let text2 = "";
    const leave = () => void waiting2.delete(connection);
    const timer = setTimeout(() => connection.destroy(), withinMs);
    waiting2.add(connection);
    if (waiting2.size > MAX_WAITING) [...waiting2][0]?.destroy();
    connection.on("close", () => {
      clearTimeout(timer);
      leave();
    });
    connection.on("error", () => connection.destroy());
    const read4 = (chunk) => {
      text2 += chunk.toString("latin1");
      const end = text2.indexOf("\n");
      if (end < 0 && text2.length <= MAX_LINE_BYTES) return;
      connection.off("data", read4);
      if (end < 0 || end > MAX_LINE_BYTES) return void connection.destroy();
      clearTimeout(timer);
      leave();
      connection.resume();
      onLine(connection, text2.slice(0, end).trimEnd());
    };
    connection.on("data", read4);
    greet?.(connection);
  });
}

// probe/greeting.ts
var import_node_crypto = require("node:crypto");
var MAX_BYTES = 512;
var KEPT_RUNS = 64;
var Greeter = class {
  constructor(key, name) {
    this.key = key;
    this.name = name;
  }
  key;
  name;
  run = (0, import_node_crypto.randomBytes)(8).toString("hex");
  count = 0;
  /** The next datagram. */
  next() {
    this.count += 1;
    const body = `${this.run} ${this.count} ${this.name}`;
    return Buffer.from(`${this.key.sign("greeting", body).toString("hex")} ${body}`);
  }
};
var Guestbook = class {
  constructor(key) {
    this.key = key;
  }
  key;
  known = /* @__PURE__ */ new Map();
  /** The name in a greeting that was signed by the deployment and never came before; nothing else. */
  read(datagram) {
    if (datagram.length > MAX_BYTES) return void 0;
    const [, signature = "", body = "", run3 = "", count3 = "", name = ""] = /^([0-9a-f]{64}) (([0-9a-f]{16}) (\d{1,15}) (.+))$/.exec(datagram.toString("utf8")) ?? [];
    if (name === "" || !this.key.verify("greeting", Buffer.from(signature, "hex"), body)) return void 0;
    return this.isNew(name, run3, Number(count3)) ? name : void 0;
  }
  isNew(name, run3, count3) {
    const known = this.known.get(name);
    if (known === void 0) {
      this.known.set(name, { run: run3, count: count3, ended: [] });
      return true;
    }
    if (known.run === run3 && count3 <= known.count) return false;
    if (known.run !== run3) {
      if (known.ended.includes(run3)) return false;
      known.ended.push(known.run);
      if (known.ended.length > KEPT_RUNS) known.ended.shift();
    }
    known.run = run3;
    known.count = count3;
    return true;
  }
};

// probe/port-in-use.ts
var import_node_fs = require("node:fs");

// probe/address.ts
var import_node_net2 = require("node:net");
function familyOf(address) {
  return address.includes(":") ? 6 : 4;
}
function contains(cidr, address) {
  const [network = "", length = "0"] = cidr.split("/");
  if (familyOf(network) !== familyOf(address)) return false;
  const name = familyOf(network) === 6 ? "ipv6" : "ipv4";
  const list4 = new import_node_net2.BlockList();
  list4.addSubnet(network, Number(length), name);
  return list4.check(address, name);
}
function canonical(address) {
  return (0, import_node_net2.isIPv6)(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
function withoutPrefix(cidr) {
  return cidr.split("/")[0] ?? cidr;
}
function socketText(address, port) {
  return familyOf(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

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
function parseDevices(table) {
  return table.split("\n").flatMap((line) => /^\s*([^\s|]+):/.exec(line)?.[1] ?? []);
}
function parseCounters(table, interfaceName) {
  const line = table.split("\n").find((text2) => text2.trim().startsWith(`${interfaceName}:`));
  const numbers = line?.slice(line.indexOf(":") + 1).trim().split(/\s+/).map(Number);
  if (!numbers) return void 0;
  const at2 = (index) => numbers[index] ?? 0;
  return { rxPackets: at2(1), rxDropped: at2(3), rxMulticast: at2(7), txPackets: at2(9), txDropped: at2(11) };
}
function parseSockets(table) {
  return dataRows(table).flatMap(([, local, remote, , , , , uid, , inode]) => {
    const port = parseInt(local?.split(":")[1] ?? "", 16);
    if (Number.isNaN(port) || inode === void 0) return [];
    return [{ port, connected: !(remote ?? "").endsWith(":0000"), uid: Number(uid), inode: Number(inode) }];
  });
}
function prefixLength(cidr) {
  return Number(cidr.split("/")[1]);
}
function hexAddress(hex) {
  return [6, 4, 2, 0].map((at2) => parseInt(hex.slice(at2, at2 + 2), 16)).join(".");
}
function dataRows(table) {
  return table.trim().split("\n").slice(1).map((line) => line.trim().split(/\s+/));
}

// probe/port-in-use.ts
var PortError = class extends Error {
  name = "PortError";
};
async function bindUdp(socket, port, family) {
  const address = family === 6 ? "::" : "0.0.0.0";
  await new Promise((resolve, reject) => {
    socket.once("error", (error) => reject(portError("UDP", address, port, error)));
    socket.bind(port, () => resolve());
  });
  socket.removeAllListeners("error");
}
async function listenTcp(server, port, address) {
  await new Promise((resolve, reject) => {
    server.once("error", (error) => reject(portError("TCP", address ?? "0.0.0.0", port, error)));
    server.listen(port, address, () => resolve());
  });
  server.removeAllListeners("error");
}
function portError(protocol, address, port, error) {
  const what = `${protocol} port ${socketText(address, port)}`;
  if (error.code === "EADDRINUSE")
    return new PortError(
      `${what} is taken (EADDRINUSE): ${holderOf(protocol, port)}; choose another port, or end that program`
    );
  if (error.code === "EACCES")
    return new PortError(
      `${what} is forbidden to this program (EACCES): ports below net.ipv4.ip_unprivileged_port_start=${read("/proc/sys/net/ipv4/ip_unprivileged_port_start") ?? "1024"} need privileges; choose a port above`
    );
  if (error.code === "EADDRNOTAVAIL")
    return new PortError(`${what} cannot be had (EADDRNOTAVAIL): no interface has the address ${address}`);
  return new PortError(`${what} cannot be had (${error.code ?? error.message})`);
}
function holderOf(protocol, port) {
  const tables = ["", "6"].map((family) => read(`/proc/net/${protocol.toLowerCase()}${family}`) ?? "");
  const held = tables.flatMap(parseSockets).filter((socket) => socket.port === port && !socket.connected);
  for (const { inode } of held) {
    const process2 = processWith(inode);
    if (process2 !== void 0) return `${process2} has it`;
  }
  const [first] = held;
  return first === void 0 ? "another program has it" : `a program of user ID ${first.uid} has it`;
}
function processWith(inode) {
  for (const pid of list2("/proc").filter((name) => /^\d+$/.test(name))) {
    const open = list2(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
    if (!open.includes(`socket:[${inode}]`)) continue;
    return `process ${pid} (${read(`/proc/${pid}/comm`) ?? "?"})`;
  }
  return void 0;
}
function list2(directory) {
  try {
    return (0, import_node_fs.readdirSync)(directory);
  } catch {
    return [];
  }
}
function linkOf(file2) {
  try {
    return (0, import_node_fs.readlinkSync)(file2);
  } catch {
    return void 0;
  }
}
function read(file2) {
  try {
    return (0, import_node_fs.readFileSync)(file2, "utf8").trim();
  } catch {
    return void 0;
  }
}

// probe/answer.ts
var SEND_EVERY_MS = 250;
var HEARD_FOR_MS = 2e3;
var QUESTION_WITHIN_MS = 2e3;
async function answer(config, key) {
  const socket = (0, import_node_dgram.createSocket)({ type: "udp4", reuseAddr: true });
  const member = new Member(config, key, socket);
  socket.on("message", (datagram) => member.hear(datagram));
  await bindUdp(socket, config.destination.port, 4);
  socket.setMulticastTTL(config.ttl);
  const server = (0, import_node_net3.createServer)();
  admit(
    server,
    { withinMs: QUESTION_WITHIN_MS },
    (connection, question) => connection.end(signAnswer(key, question, member.answer()))
  );
  await listenTcp(server, config.port);
  for (; ; ) {
    member.tick();
    await new Promise((resolve) => setTimeout(resolve, SEND_EVERY_MS));
  }
}
var Member = class {
  constructor(config, key, socket) {
    this.config = config;
    this.socket = socket;
    this.greeter = new Greeter(key, config.name);
    this.guests = new Guestbook(key);
  }
  config;
  socket;
  greeter;
  guests;
  heardAt = /* @__PURE__ */ new Map();
  joined = false;
  trouble;
  hear(datagram) {
    const name = this.guests.read(datagram);
    if (name !== void 0 && name !== this.config.name) this.heardAt.set(name, performance.now());
  }
  answer() {
    const since = performance.now() - HEARD_FOR_MS;
    const hears = [...this.heardAt].filter(([, at2]) => at2 >= since).map(([name]) => name);
    return { name: this.config.name, hears: hears.sort(), trouble: this.trouble, node: process.env.NODE_NAME };
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
    this.socket.send(this.greeter.next(), port, group, (error) => {
      this.trouble = error === null ? void 0 : String(error);
    });
  }
};

// probe/deployment-key.ts
var import_node_crypto2 = require("node:crypto");
var import_node_fs2 = require("node:fs");
var LEAST_CHARACTERS = 32;
var HOST_NAME_DIGITS = 10;
var DeploymentKey = class _DeploymentKey {
  /** @throws Error for a text that is too short to be such a key. */
  constructor(secret) {
    this.secret = secret;
    if (secret.length < LEAST_CHARACTERS)
      throw new Error(`the deployment's key must have at least ${LEAST_CHARACTERS} characters, got ${secret.length}`);
  }
  secret;
  keys = /* @__PURE__ */ new Map();
  /** Reads the key from a file. */
  static read(file2) {
    return new _DeploymentKey((0, import_node_fs2.readFileSync)(file2, "utf8").trim());
  }
  /** HMAC-SHA256 of the parts, which are told apart whatever they hold. */
  sign(purpose, ...parts) {
    const hmac = (0, import_node_crypto2.createHmac)("sha256", this.keyFor(purpose));
    for (const part of parts) {
      const bytes = typeof part === "string" ? Buffer.from(part, "utf8") : part;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      hmac.update(length).update(bytes);
    }
    return hmac.digest();
  }
  /** Whether `signature`, which may be cut to no less than 16 bytes, is that of the parts. */
  verify(purpose, signature, ...parts) {
    if (signature.length < 16 || signature.length > 32) return false;
    return (0, import_node_crypto2.timingSafeEqual)(signature, this.sign(purpose, ...parts).subarray(0, signature.length));
  }
  /** Host name of a pod of this deployment, as the constructs make it with Terraform's own functions. */
  hostName(prefix) {
    const digest = (0, import_node_crypto2.createHash)("sha256").update(`hostname:${this.secret}`).digest("hex");
    return `${prefix}-${digest.slice(0, HOST_NAME_DIGITS)}`;
  }
  keyFor(purpose) {
    const known = this.keys.get(purpose);
    if (known) return known;
    const key = (0, import_node_crypto2.createHmac)("sha256", this.secret).update(purpose).digest();
    this.keys.set(purpose, key);
    return key;
  }
};

// probe/kube-api.ts
var import_node_fs3 = require("node:fs");
var import_node_https = require("node:https");
function inClusterAccess(environment) {
  const directory = "/var/run/secrets/kubernetes.io/serviceaccount";
  return {
    host: environment.KUBERNETES_SERVICE_HOST ?? "kubernetes.default.svc",
    port: Number(environment.KUBERNETES_SERVICE_PORT_HTTPS ?? 443),
    ca: (0, import_node_fs3.readFileSync)(`${directory}/ca.crt`, "utf8"),
    token: () => (0, import_node_fs3.readFileSync)(`${directory}/token`, "utf8").trim()
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
var RETRY_PAUSE_MS = 500;
var AWAY_MS = 6e4;
var REFUSED_MS = 3e3;
function passesWithin(error) {
  if (!(error instanceof ApiError) || error.status >= 500 || error.status === 429) return AWAY_MS;
  return error.status === 401 || error.status === 403 ? REFUSED_MS : 0;
}
var KubeApi = class {
  constructor(access) {
    this.access = access;
  }
  access;
  /** Requests that had to be made again. */
  retries = 0;
  /** A JSON request; a lost connection and an overloaded server are tried again, a refusal is not. */
  async json(method, path2, body) {
    const startedAt = performance.now();
    for (; ; ) {
      try {
        return JSON.parse(await this.text(method, path2, body));
      } catch (error) {
        if (performance.now() - startedAt >= passesWithin(error)) throw error;
        this.retries += 1;
        await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
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
  const text2 = found?.metadata?.annotations?.[ANNOTATION];
  const statuses = text2 === void 0 ? void 0 : parseStatuses(text2);
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
    reason: faults.length === 0 ? attached.map(describe).join("; ") : faults.map(({ text: fault2 }) => fault2).join("; "),
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
var statusShape = list(
  object({
    name: optional(text(600)),
    interface: optional(text(64)),
    ips: optional(list(text(64), 100)),
    mac: optional(text(64))
  }),
  1e3
);
function parseStatuses(text2) {
  return tryParse(text2, statusShape);
}
function statusFaults(expected, statuses) {
  const macs = (statuses ?? []).map(({ mac }) => mac?.toLowerCase());
  return expected.flatMap((wanted) => {
    const { name } = wanted;
    if (statuses === void 0)
      return {
        name,
        text: `no ${name}: the pod has no ${ANNOTATION} annotation that can be read, so Multus did not attach it`
      };
    const status = statuses.find((each) => each.interface === name);
    if (status === void 0) return { name, text: `no ${name} in ${ANNOTATION}` };
    const texts = faultsOfOne(wanted, status);
    if (macs.filter((mac) => mac === status.mac?.toLowerCase()).length > 1)
      texts.push(`${name} shares its MAC ${status.mac}`);
    return texts.map((text2) => ({ name, text: text2 }));
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
function signed(report, { uid }) {
  return { ...visibleIn(report), runId: uid };
}
async function publish(api, target, own, report) {
  for (const message of failureMessages(report)) await warn(api, target, own, message);
  const path2 = `/api/v1/namespaces/${target.namespace}/configmaps/${target.configMap}`;
  await api.json("PATCH", path2, { data: { [REPORT_KEY]: JSON.stringify(report), [SUMMARY_KEY]: report.summary } });
}
function failureMessages(report) {
  if (report.verdict === "passed") return [];
  const each = report.receivers.filter(({ verdict: verdict2 }) => verdict2 !== "passed").sort((a, b) => a.expectation.localeCompare(b.expectation)).map((receiver) => `receiver ${receiver.name} (${placeText(receiver)}) ${receiver.reason}`);
  const messages = (each.length === 0 ? [report.summary] : each).map(visible);
  const rest = messages.length - MAX_EVENTS;
  const shown = messages.slice(0, MAX_EVENTS).map((text2) => text2.slice(0, MAX_MESSAGE - 40));
  if (rest > 0) shown[MAX_EVENTS - 1] += ` (and ${rest} more, see ConfigMap)`;
  return shown;
}
function placeText({ node = "unknown", namespace, external }) {
  if (external) return `external host ${node}`;
  return namespace === void 0 ? `node ${node}` : `namespace ${namespace}, node ${node}`;
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
var import_node_crypto4 = require("node:crypto");
var import_node_dgram2 = require("node:dgram");

// probe/drain.ts
var LONGEST_MS = 1e3;
async function drained(handled) {
  const until = performance.now() + LONGEST_MS;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  let before;
  let at2;
  do {
    before = handled();
    at2 = performance.now();
    await turn();
  } while (handled() !== before && performance.now() < until);
  return at2;
}

// probe/evidence.ts
var import_node_fs4 = require("node:fs");
var import_node_os = require("node:os");

// probe/kernel-tables-ipv6.ts
var RTF_UP2 = 1;
var RTF_REJECT2 = 512;
function parseIpv6Routes(table) {
  return rows(table).flatMap(([destination, length, , , gateway, metric, , , flags, name]) => {
    const bits = parseInt(flags ?? "0", 16);
    if (!destination || !length || !gateway || !name || !(bits & RTF_UP2) || bits & RTF_REJECT2) return [];
    const via = ipv6Text(gateway);
    return {
      interface: name,
      destination: `${ipv6Text(destination)}/${parseInt(length, 16)}`,
      ...via === "::" ? {} : { gateway: via },
      metric: parseInt(metric ?? "0", 16)
    };
  });
}
function parseMld(table, interfaceName) {
  const own = rows(table).filter(([, name]) => name === interfaceName);
  return { groups: own.flatMap(([, , group]) => group === void 0 ? [] : ipv6Text(group)) };
}
var IFA_F_DADFAILED = 8;
function parseDuplicates(table, interfaceName) {
  const own = rows(table).filter(([, , , , , name]) => name === interfaceName);
  return own.flatMap(([hex = "", , , , flags = "0"]) => parseInt(flags, 16) & IFA_F_DADFAILED ? [ipv6Text(hex)] : []);
}
function ipv6Text(hex) {
  return canonical((hex.match(/.{4}/g) ?? []).join(":"));
}
function rows(table) {
  return table.split("\n").filter((line) => line.trim() !== "").map((line) => line.trim().split(/\s+/));
}

// probe/evidence.ts
function takeEvidence(interfaceName, group, bound = false) {
  const devices = read2("/proc/net/dev") ?? "";
  const told2 = sysfsShows(parseDevices(devices));
  const link = (file2) => told2 ? read2(`/sys/class/net/${interfaceName}/${file2}`) : void 0;
  const family = familyOf(group);
  const routes = routesOf(family);
  const mtu = link("mtu");
  const carrier = link("carrier");
  return {
    interface: interfaceName,
    present: parseDevices(devices).includes(interfaceName),
    operstate: link("operstate"),
    carrier: carrier === void 0 ? void 0 : carrier === "1",
    mtu: mtu === void 0 ? void 0 : Number(mtu),
    mac: link("address"),
    linkType: /^DEVTYPE=(.+)$/m.exec(link("uevent") ?? "")?.[1],
    networkNamespace: networkNamespace(),
    addresses: addressesOf(interfaceName, family),
    duplicates: family === 6 ? parseDuplicates(read2("/proc/net/if_inet6") ?? "", interfaceName) : void 0,
    memberships: membershipsOf(interfaceName, family),
    counters: parseCounters(devices, interfaceName),
    reversePathFilter: family === 4 ? { all: reversePathFilter("all"), interface: reversePathFilter(interfaceName) } : {},
    routes,
    groupRoute: bound ? void 0 : lookupRoute(routes, group)
  };
}
function networkNamespace() {
  const kernel = read2("/proc/sys/kernel/random/boot_id");
  try {
    const own = (0, import_node_fs4.readlinkSync)("/proc/self/ns/net");
    return kernel === void 0 ? void 0 : `${kernel} ${own}`;
  } catch {
    return void 0;
  }
}
function sysfsShows(devices) {
  const shown = list3("/sys/class/net").filter((name) => name !== "bonding_masters");
  return shown.length === devices.length && shown.every((name) => devices.includes(name));
}
function addressesOf(interfaceName, wanted) {
  const all = ((0, import_node_os.networkInterfaces)()[interfaceName] ?? []).flatMap(
    ({ family, cidr }) => family === `IPv${wanted}` && cidr ? [cidr] : []
  );
  const ofLink = (cidr) => cidr.startsWith("fe80:");
  return [...all.filter((cidr) => !ofLink(cidr)), ...all.filter(ofLink)];
}
function routesOf(family) {
  return family === 4 ? parseRoutes(read2("/proc/net/route") ?? "") : parseIpv6Routes(read2("/proc/net/ipv6_route") ?? "");
}
function membershipsOf(interfaceName, family) {
  return family === 4 ? parseIgmp(read2("/proc/net/igmp") ?? "", interfaceName) : parseMld(read2("/proc/net/igmp6") ?? "", interfaceName);
}
function reversePathFilter(name) {
  const value = read2(`/proc/sys/net/ipv4/conf/${name}/rp_filter`);
  return value === void 0 ? void 0 : Number(value);
}
function list3(directory) {
  try {
    return (0, import_node_fs4.readdirSync)(directory);
  } catch {
    return [];
  }
}
function read2(file2) {
  try {
    return (0, import_node_fs4.readFileSync)(file2, "utf8").trim();
  } catch {
    return void 0;
  }
}

// probe/outlet.ts
var import_node_net4 = require("node:net");

// probe/lines.ts
var printLine = (line) => {
  process.stdout.write(JSON.stringify(line) + "\n");
};

// probe/outlet-words.ts
var import_node_crypto3 = require("node:crypto");
function freshNumber() {
  return (0, import_node_crypto3.randomBytes)(16).toString("hex");
}
function isNumber(text2) {
  return /^[0-9a-f]{32}$/.test(text2);
}
function introduce(key, { probe, verdict: verdict2 }) {
  return `${verdict2} ${key.sign("outlet-reader", probe, verdict2).toString("hex")}`;
}
function introduced(key, probe, line) {
  const [, verdict2 = "", signature = ""] = /^([0-9a-f]{32}) ([0-9a-f]{64})$/.exec(line) ?? [];
  if (!key.verify("outlet-reader", Buffer.from(signature, "hex"), probe, verdict2)) return void 0;
  return { probe, verdict: verdict2 };
}
var LineSigner = class {
  constructor(key, conversation) {
    this.key = key;
    this.conversation = conversation;
  }
  key;
  conversation;
  place = 0;
  /** The next line as it is sent. */
  sign(line) {
    return `${this.signature(line).toString("hex")} ${line}
`;
  }
  /** The next line as it was given to {@link sign}; nothing where it is another. */
  read(received) {
    const [signature, line] = [received.slice(0, 64), received.slice(65)];
    const bytes = Buffer.from(signature, "hex");
    if (bytes.length !== 32 || received[64] !== " ") return void 0;
    return this.signature(line).equals(bytes) ? line : void 0;
  }
  signature(line) {
    this.place += 1;
    const { probe, verdict: verdict2 } = this.conversation;
    return this.key.sign("outlet-line", probe, verdict2, String(this.place), line);
  }
};

// probe/outlet.ts
var KEPT_LINES = 30;
var KNOWN_WITHIN_MS = 3e3;
var MAX_UNREAD_BYTES = 4 * 1024 * 1024;
var LAST_WORDS_MS = 5e3;
async function withSink(outlet, key, run3) {
  const print = await openSink(outlet, key);
  try {
    return await run3(print);
  } catch (error) {
    if (outlet === void 0) throw error;
    print({ role: "fault", at: Date.now(), text: error instanceof Error ? error.message : String(error) });
    await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
    throw error;
  }
}
var END_OF_KEPT = '{"role":"end-of-kept"}';
async function openSink(outlet, key) {
  if (outlet === void 0) return printLine;
  const kept = [];
  const readers = /* @__PURE__ */ new Map();
  const server = (0, import_node_net4.createServer)();
  const numbers = /* @__PURE__ */ new WeakMap();
  const greet = (stranger) => {
    const number2 = freshNumber();
    numbers.set(stranger, number2);
    stranger.write(`${number2}
`);
  };
  admit(server, { withinMs: KNOWN_WITHIN_MS, greet }, (stranger, introduction) => {
    const conversation = introduced(key, numbers.get(stranger) ?? "", introduction);
    if (conversation === void 0) return void stranger.destroy();
    const signer = new LineSigner(key, conversation);
    readers.set(stranger, signer);
    stranger.on("close", () => readers.delete(stranger));
    ["", ...kept, END_OF_KEPT].forEach((text2) => stranger.write(signer.sign(text2)));
  });
  await listenTcp(server, outlet.port, outlet.address);
  server.unref();
  return (line) => {
    const text2 = JSON.stringify(line);
    kept.push(text2);
    if (kept.length > KEPT_LINES) kept.shift();
    for (const [reader, signer] of readers) {
      if (reader.writableLength > MAX_UNREAD_BYTES) reader.destroy();
      else reader.write(signer.sign(text2));
    }
  };
}

// probe/memberships.ts
var import_node_fs5 = require("node:fs");
var NO_SOURCE = "255.255.255.255";
function membersOf(group) {
  if (familyOf(group) === 6) return parseMembers6(read3("/proc/net/igmp6"), group);
  return parseMembers(read3("/proc/net/igmp"), read3("/proc/net/mcfilter"), group);
}
function parseMembers(igmp, filters, group) {
  const hex = group.split(".").map((part) => Number(part).toString(16).padStart(2, "0")).join("");
  const stored = (hex.match(/../g) ?? []).reverse().join("").toUpperCase();
  const members = /* @__PURE__ */ new Map();
  let name = "";
  for (const line of igmp.split("\n").slice(1)) {
    const fields = line.trim().split(/[\s:]+/);
    if (/^\d/.test(line)) name = fields[1] ?? "";
    else if (fields[0] === stored) members.set(name, Number(fields[1]));
  }
  for (const line of filters.split("\n").slice(1)) {
    const [, device = "", address, source, including] = line.trim().split(/\s+/);
    if (address === `0x${hex}` && source === "0xffffffff")
      members.set(device, (members.get(device) ?? 0) - Number(including));
  }
  return members;
}
function parseMembers6(table, group) {
  const members = /* @__PURE__ */ new Map();
  for (const line of table.split("\n")) {
    const [, name = "", hex = "", users] = line.trim().split(/\s+/);
    if (hex.length === 32 && canonical((hex.match(/.{4}/g) ?? []).join(":")) === canonical(group))
      members.set(name, Number(users));
  }
  return members;
}
var OtherMemberships = class {
  constructor(own, socketOf) {
    this.own = own;
    this.socketOf = socketOf;
  }
  own;
  socketOf;
  kept = /* @__PURE__ */ new Map();
  /** Kept out since the last look: what came before may still wait in the socket's buffer. */
  fresh = /* @__PURE__ */ new Set();
  /** Interfaces by which datagrams of a group may have been counted since the last look that say nothing of this receiver. */
  look(group, isJoined) {
    const members = membersOf(group);
    const here = isJoined || (members.get(this.own) ?? 0) <= 0 ? [] : [this.own];
    const others = [...members].filter(([name, count3]) => name !== this.own && count3 > 0).map(([name]) => name);
    this.forgetBut(group, others);
    return [...here, ...others.filter((name) => this.mayHaveCome(group, name))];
  }
  mayHaveCome(group, name) {
    const key = `${group} ${name}`;
    if (this.kept.has(key)) return this.fresh.delete(key);
    const address = addressesOf(name, familyOf(group))[0];
    if (address === void 0 || familyOf(group) === 6) return true;
    const link = withoutPrefix(address);
    const before = membersOf(group).get(name);
    try {
      this.socketOf(group)?.addSourceSpecificMembership(NO_SOURCE, group, link);
    } catch {
      return true;
    }
    if (membersOf(group).get(name) === before) {
      this.kept.set(key, link);
      this.fresh.add(key);
    } else this.leave(group, link);
    return true;
  }
  forgetBut(group, names) {
    for (const [key, link] of this.kept) {
      const [of, name = ""] = key.split(" ");
      if (of !== group || names.includes(name)) continue;
      this.kept.delete(key);
      this.leave(group, link);
    }
  }
  leave(group, link) {
    try {
      this.socketOf(group)?.dropSourceSpecificMembership(NO_SOURCE, group, link);
    } catch {
    }
  }
};
function read3(file2) {
  try {
    return (0, import_node_fs5.readFileSync)(file2, "utf8");
  } catch {
    return "";
  }
}

// probe/packet.ts
var MAGIC = Buffer.from("mlp1");
var STREAMS = ["test", "control", "unicast"];
var BODY_BYTES = MAGIC.length + 1 + 8 + 4 + 2;
var SIGNATURE_BYTES = 16;
var PacketCodec = class {
  constructor(key) {
    this.key = key;
  }
  key;
  encode(packet) {
    const body = Buffer.alloc(BODY_BYTES);
    MAGIC.copy(body);
    body.writeUInt8(STREAMS.indexOf(packet.stream), 4);
    body.write(packet.incarnation, 5, 8, "hex");
    body.writeUInt32BE(packet.block, 13);
    body.writeUInt16BE(packet.index, 17);
    return Buffer.concat([body, this.key.sign("packet", body).subarray(0, SIGNATURE_BYTES)]);
  }
  /** The packet, or nothing when the datagram is not one of this deployment of the check. */
  decode(datagram) {
    if (datagram.length !== BODY_BYTES + SIGNATURE_BYTES || !datagram.subarray(0, 4).equals(MAGIC)) return void 0;
    const body = datagram.subarray(0, BODY_BYTES);
    if (!this.key.verify("packet", datagram.subarray(BODY_BYTES), body)) return void 0;
    const stream = STREAMS[body.readUInt8(4)];
    if (!stream) return void 0;
    return {
      stream,
      incarnation: body.toString("hex", 5, 13),
      block: body.readUInt32BE(13),
      index: body.readUInt16BE(17)
    };
  }
};

// probe/socket-drops.ts
var import_node_fs6 = require("node:fs");
function socketDrops(family) {
  try {
    const table = (0, import_node_fs6.readFileSync)(family === 4 ? "/proc/net/udp" : "/proc/net/udp6", "utf8");
    return parseDrops(table, ownSockets());
  } catch {
    return void 0;
  }
}
function parseDrops(table, inodes) {
  const rows2 = table.trim().split("\n").slice(1).map((row) => row.trim().split(/\s+/));
  return rows2.filter((row) => inodes.has(row[9] ?? "")).reduce((sum2, row) => sum2 + Number(row.at(-1)), 0);
}
function ownSockets() {
  const links = (0, import_node_fs6.readdirSync)("/proc/self/fd").map((fd) => {
    try {
      return (0, import_node_fs6.readlinkSync)(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

// probe/tally.ts
var KEPT_BLOCKS = 16;
var Tally = class {
  blocks = /* @__PURE__ */ new Map();
  /** Blocks that something was counted in since the last look at memberships. */
  touched = /* @__PURE__ */ new Set();
  /** Notes by which other interfaces what was counted since the last note may have come, by stream. */
  note(alsoBy) {
    for (const counts of this.touched)
      if (counts.stream !== "unicast" && alsoBy[counts.stream].length > 0) {
        alsoBy[counts.stream].forEach((name) => counts.alsoBy.add(name));
        counts.changed = true;
      }
    this.touched = /* @__PURE__ */ new Set();
  }
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
      changed: false,
      alsoBy: /* @__PURE__ */ new Set()
    };
    this.blocks.set(key, counts);
    counts.changed = true;
    this.touched.add(counts);
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
      const { sender, stream, block, heard, duplicates, outOfOrder, alsoBy } = counts;
      const others = alsoBy.size > 0 && { alsoBy: [...alsoBy] };
      return { sender, stream, block, received: heard.size, duplicates, outOfOrder, ...others };
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
var LOOK_AROUND_MS = 200;
function receive(config, key) {
  return withSink(config.outlet, key, (print) => receiveTo(config, key, print));
}
async function receiveTo(config, key, print) {
  const ports = /* @__PURE__ */ new Set([config.destinations.test.port, config.destinations.control.port]);
  const receiver = new Receiver(config, key, print);
  for (const port of ports) await receiver.listen(port);
  setInterval(() => receiver.lookAround(), LOOK_AROUND_MS);
  for (; ; ) {
    receiver.tick(await drained(() => receiver.handled));
    await new Promise((resolve) => setTimeout(resolve, 1e3));
  }
}
var Receiver = class {
  constructor(config, key, print) {
    this.config = config;
    this.print = print;
    this.codec = new PacketCodec(key);
    this.family = familyOf(config.destinations.test.group);
    const portOf = new Map(Object.values(config.destinations).map(({ group, port }) => [group, port]));
    this.others = new OtherMemberships(config.interface, (group) => this.sockets.get(portOf.get(group) ?? 0));
  }
  config;
  print;
  /** Datagrams that came so far. */
  handled = 0;
  lines = 0;
  incarnation = (0, import_node_crypto4.randomBytes)(8).toString("hex");
  codec;
  tally = new Tally();
  sockets = /* @__PURE__ */ new Map();
  joinedAt = /* @__PURE__ */ new Map();
  firstHeardAfterMs = {};
  others;
  foreign = 0;
  family;
  async listen(port) {
    const socket = (0, import_node_dgram2.createSocket)({ type: `udp${this.family}`, reuseAddr: true, ipv6Only: this.family === 6 });
    socket.on("message", (datagram) => this.hear(datagram));
    await bindUdp(socket, port, this.family);
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    this.sockets.set(port, socket);
  }
  /** Joins what is not joined yet, and prints; all that had arrived by `drainedAt` has been counted. */
  tick(drainedAt) {
    const joinError = this.join();
    this.lookAround();
    this.print({
      role: "receiver",
      at: Date.now(),
      incarnation: this.incarnation,
      sequence: this.lines++,
      elapsedMs: Math.floor(drainedAt),
      socketDrops: socketDrops(this.family),
      joined: [...this.joinedAt.keys()],
      joinError,
      blocks: this.tally.takeChanges(),
      foreign: this.foreign,
      firstHeardAfterMs: this.firstHeardAfterMs,
      evidence: takeEvidence(this.config.interface, this.config.destinations.test.group)
    });
  }
  /** Keeps out what comes in by other interfaces, or notes that it may have come in there. */
  lookAround() {
    const alsoBy = ({ group }) => this.others.look(group, this.joinedAt.has(group));
    const { test, control } = this.config.destinations;
    this.tally.note({ test: alsoBy(test), control: alsoBy(control) });
  }
  /** The kernel offers an unprivileged process no event that Node.js could wait on when an interface comes up. */
  join() {
    const { test, control } = this.config.destinations;
    const wanted = [...this.config.joins.map((group) => ({ group, port: test.port })), control];
    const missing = wanted.filter(({ group }) => !this.joinedAt.has(group));
    if (missing.length === 0) return void 0;
    const address = addressesOf(this.config.interface, this.family)[0];
    if (address === void 0) return `${this.config.interface} has no IPv${this.family} address or is down`;
    const link = this.family === 6 ? `::%${this.config.interface}` : withoutPrefix(address);
    try {
      for (const { group, port } of missing) {
        this.sockets.get(port)?.addMembership(group, link);
        this.joinedAt.set(group, performance.now());
      }
      return void 0;
    } catch (error) {
      return String(error);
    }
  }
  hear(datagram) {
    this.handled += 1;
    const packet = this.codec.decode(datagram);
    if (!packet) {
      this.foreign += 1;
      return;
    }
    this.tally.add(packet);
    const { stream } = packet;
    if (stream === "unicast") return;
    const joinedAt = this.joinedAt.get(this.config.destinations[stream].group);
    if (joinedAt !== void 0) this.firstHeardAfterMs[stream] ??= Math.round(performance.now() - joinedAt);
  }
};

// probe/send.ts
var import_node_crypto6 = require("node:crypto");
var import_node_dgram4 = require("node:dgram");

// probe/roster.ts
var import_node_crypto5 = require("node:crypto");
var import_node_dgram3 = require("node:dgram");
var import_node_net5 = require("node:net");
var FORGET_MS = 5e3;
var KEPT_VERDICTS = 1e4;
var MAX_BYTES2 = 8192;
var NO_POD = ["0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/127", "::ffff:0:0/96", "ff00::/8"];
var FORM = /^(?<signature>[0-9a-f]{64}) (?<body>(?<verdict>[0-9a-f]{16}) (?<count>\d{1,15}) (?<list>[0-9a-fA-F.:,]*))$/;
async function openRoster({ unicast = [], rosterPort, rosterSize = 0, destinations }, key, run3) {
  if (rosterPort === void 0) return () => unicast;
  let told2 = [];
  let toldAt = -Infinity;
  const family = familyOf(destinations.test.group);
  const reader = new RosterReader(key, run3, (address) => familyOf(address) === family, rosterSize);
  const socket = (0, import_node_dgram3.createSocket)(`udp${family}`);
  socket.on("message", (datagram) => {
    const addresses2 = reader.read(datagram);
    if (addresses2 === void 0) return;
    told2 = addresses2;
    toldAt = performance.now();
  });
  await bindUdp(socket, rosterPort, family);
  socket.unref();
  return () => performance.now() - toldAt < FORGET_MS ? [.../* @__PURE__ */ new Set([...unicast, ...told2])] : unicast;
}
var RosterWriter = class {
  constructor(key) {
    this.key = key;
  }
  key;
  verdict = (0, import_node_crypto5.randomBytes)(8).toString("hex");
  count = 0;
  /** The next datagram, for one run of the sender. */
  next(run3, addresses2) {
    this.count += 1;
    const body = `${this.verdict} ${this.count} ${addresses2.join(",")}`;
    return Buffer.from(`${this.key.sign("roster", run3, body).toString("hex")} ${body}`);
  }
};
var RosterReader = class {
  constructor(key, run3, fits, size) {
    this.key = key;
    this.run = run3;
    this.fits = fits;
    this.size = size;
  }
  key;
  run;
  fits;
  size;
  counts = /* @__PURE__ */ new Map();
  /** The addresses of a roster that never came before; nothing of any other datagram. */
  read(datagram) {
    if (datagram.length > MAX_BYTES2) return void 0;
    const found = FORM.exec(datagram.toString("latin1"))?.groups;
    if (!found || !this.key.verify("roster", Buffer.from(found.signature, "hex"), this.run, found.body))
      return void 0;
    return this.isNew(found.verdict, Number(found.count)) ? this.addressesIn(found.list) : void 0;
  }
  isNew(verdict2, count3) {
    const last = this.counts.get(verdict2);
    if (last === void 0 ? this.counts.size >= KEPT_VERDICTS : count3 <= last) return false;
    this.counts.set(verdict2, count3);
    return true;
  }
  addressesIn(list4) {
    return list4.split(",").filter((address) => isPodAddress(address) && this.fits(address)).slice(0, this.size);
  }
};
function isPodAddress(address) {
  return (0, import_node_net5.isIP)(address) !== 0 && !NO_POD.some((cidr) => contains(cidr, address));
}

// probe/sent-blocks.ts
var PATIENCE_BLOCKS = 2;
var MAX_SKIPPED_BLOCKS = 60;
var SentBlocks = class {
  open = /* @__PURE__ */ new Map();
  nextBlock = 0;
  /** Datagrams that were handed to the kernel and not answered for yet. */
  pending = 0;
  /** Notes a datagram. @returns what its answer goes to: an error's code, or nothing. */
  offer(block, target) {
    const counts = this.countsOf(block, target);
    counts.offered += 1;
    this.pending += 1;
    return (code) => {
      this.pending -= 1;
      if (code === void 0) counts.sent += 1;
      else counts.errors[code] = (counts.errors[code] ?? 0) + 1;
    };
  }
  /** Takes the blocks before `current` that are over; one whose datagrams the kernel still holds waits for a while. */
  takeBefore(current, targets) {
    this.nextBlock = Math.max(this.nextBlock, current - MAX_SKIPPED_BLOCKS);
    for (; this.nextBlock < current; this.nextBlock += 1)
      for (const target of targets) this.countsOf(this.nextBlock, target);
    const over = [...this.open].filter(
      ([block, counts]) => block < current && (block < current - PATIENCE_BLOCKS || [...counts.values()].every((each) => waiting(each) === 0))
    );
    for (const [block] of over) this.open.delete(block);
    return over.sort(([one], [other]) => one - other).flatMap(([block, counts]) => [...counts.values()].map((each) => told(block, each)));
  }
  countsOf(block, target) {
    const counts = this.open.get(block) ?? /* @__PURE__ */ new Map();
    this.open.set(block, counts);
    const key = `${target.stream} ${target.address}`;
    const known = counts.get(key) ?? { target, offered: 0, sent: 0, errors: {} };
    counts.set(key, known);
    return known;
  }
};
function waiting({ offered: offered2, sent, errors }) {
  return offered2 - sent - Object.values(errors).reduce((sum2, times) => sum2 + times, 0);
}
function told(block, counts) {
  const { target, sent, errors } = counts;
  const late = waiting(counts);
  return {
    stream: target.stream,
    ...target.stream === "unicast" && { to: target.address },
    block,
    sent,
    errors: late === 0 ? errors : { ...errors, EAGAIN: (errors.EAGAIN ?? 0) + late }
  };
}

// probe/send.ts
var MAX_LAG_MS = 1e3;
var STREAMS2 = ["test", "control"];
var MAX_WAITING_SECONDS = 2;
function send(config, key) {
  return withSink(config.outlet, key, (print) => sendTo(config, key, print));
}
async function sendTo(config, key, print) {
  const socket = (0, import_node_dgram4.createSocket)({ type: `udp${familyOf(config.destinations.test.group)}`, reuseAddr: true });
  await bindUdp(socket, 0, familyOf(config.destinations.test.group));
  socket.setMulticastTTL(config.ttl);
  const run3 = (0, import_node_crypto6.randomBytes)(8).toString("hex");
  const sender = new Sender(config, run3, key, socket, print, await openRoster(config, key, run3));
  return sender.run();
}
var Sender = class {
  constructor(config, incarnation, key, socket, print, roster) {
    this.config = config;
    this.incarnation = incarnation;
    this.socket = socket;
    this.print = print;
    this.roster = roster;
    this.codec = new PacketCodec(key);
  }
  config;
  incarnation;
  socket;
  print;
  roster;
  codec;
  sent = new SentBlocks();
  startedAt = performance.now();
  /** Where the present block goes. */
  targets = [];
  /** Sequence number of the next datagram of all streams. */
  next = 0;
  lines = 0;
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
      this.targets = this.targetsNow();
    }
    this.next += 1;
    for (const target of this.targets) this.sendOne(target, block, index);
  }
  targetsNow() {
    const { destinations } = this.config;
    const groups = STREAMS2.map((stream) => {
      const { group, port: port2 } = destinations[stream];
      return { stream, address: group, port: port2 };
    });
    const { port } = destinations.test;
    return [...groups, ...this.roster().map((address) => ({ stream: "unicast", address, port }))];
  }
  sendOne(target, block, index) {
    const isFull = this.sent.pending > MAX_WAITING_SECONDS * this.config.ratePerSecond * this.targets.length;
    const answer2 = this.sent.offer(block, target);
    if (isFull) {
      answer2("EAGAIN");
      return;
    }
    this.socket.send(
      this.codec.encode({ stream: target.stream, incarnation: this.incarnation, block, index }),
      target.port,
      target.address,
      (error) => answer2(error?.code ?? error?.message)
    );
  }
  closeBlocksBefore(current) {
    const { interface: name, destinations, bindToInterface } = this.config;
    this.print({
      role: "sender",
      at: Date.now(),
      incarnation: this.incarnation,
      sequence: this.lines++,
      blocks: this.sent.takeBefore(current, this.targets),
      evidence: takeEvidence(name, destinations.test.group, bindToInterface)
    });
  }
  /** With IPv6 Node.js takes the interface by name (https://nodejs.org/api/dgram.html#socketsetmulticastinterfacemulticastinterface). */
  leaveByInterface() {
    const { interface: name, destinations } = this.config;
    const family = familyOf(destinations.test.group);
    const address = addressesOf(name, family)[0];
    if (address !== void 0) this.socket.setMulticastInterface(family === 6 ? `::%${name}` : withoutPrefix(address));
  }
};

// probe/service-ask.ts
var import_node_crypto7 = require("node:crypto");

// probe/exchange.ts
var import_node_net6 = require("node:net");
function exchange({ host, port, text: text2, withinMs, maxBytes }) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let length = 0;
    const connection = (0, import_node_net6.connect)({ host, port }, () => connection.write(text2));
    const timer = setTimeout(
      () => connection.destroy(new Error(length > 0 ? `no end within ${withinMs} ms` : `no answer for ${withinMs} ms`)),
      withinMs
    );
    connection.on("data", (chunk) => {
      length += chunk.length;
      if (length > maxBytes) connection.destroy(new Error(`the answer is longer than ${maxBytes} bytes`));
      else chunks.push(chunk);
    });
    connection.on("error", ({ message }) => reject(new Error(`${message} (${host}:${port})`)));
    connection.on("close", () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString("utf8"));
    });
  });
}

// probe/line-splitter.ts
var MAX_LINE_BYTES2 = 1024 * 1024;
var NEWLINE = 10;
var LineSplitter = class {
  constructor(onLine, onTooLong = () => void 0, maxBytes = MAX_LINE_BYTES2) {
    this.onLine = onLine;
    this.onTooLong = onTooLong;
    this.maxBytes = maxBytes;
  }
  onLine;
  onTooLong;
  maxBytes;
  parts = [];
  length = 0;
  push(chunk) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.keep(chunk.subarray(from, end));
      this.finish();
      from = end + 1;
    }
    this.keep(chunk.subarray(from));
  }
  keep(part) {
    if (part.length === 0) return;
    const wasTooLong = this.length > this.maxBytes;
    this.length += part.length;
    if (this.length <= this.maxBytes) this.parts.push(part);
    else if (!wasTooLong) {
      this.parts = [];
      this.onTooLong();
    }
  }
  finish() {
    const text2 = Buffer.concat(this.parts).toString("utf8");
    const whole = this.length <= this.maxBytes;
    this.parts = [];
    this.length = 0;
    if (whole) this.onLine(text2.endsWith("\r") ? text2.slice(0, -1) : text2);
  }
};

// probe/log-follower.ts
var REOPEN_PAUSE_MS = 500;
async function followLog(api, pod, onLine, signal) {
  const path2 = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log?container=probe&tailLines=${pod.lines}`;
  const read4 = async (query, isNews) => {
    const lines = new LineSplitter((text2) => onLine(text2, isNews));
    for await (const chunk of await api.open(`${path2}${query}`, signal)) lines.push(chunk);
  };
  let hasHistory = false;
  while (!signal.aborted) {
    try {
      if (!hasHistory) await read4("", false);
      hasHistory = true;
      await read4("&follow=true", true);
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
  const container = status?.containerStatuses?.[0];
  const leaving = metadata?.deletionTimestamp !== void 0;
  return {
    exists: true,
    phase: leaving ? "Terminating" : status?.phase,
    node: spec?.nodeName,
    addresses: addressesOf2(status),
    containerReason: containerReason(container?.state),
    lastWords: lastWords(container)
  };
}
function addressesOf2(status) {
  const all = [status?.podIP, ...(status?.podIPs ?? []).map(({ ip }) => ip)];
  return [...new Set(all.filter((ip) => ip !== void 0))];
}
function containerReason(state) {
  return state?.waiting?.reason ?? state?.terminated?.reason;
}
var MAX_WORDS = 400;
function lastWords({ state, lastState } = {}) {
  const lines = (state?.terminated?.message ?? lastState?.terminated?.message ?? "").split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !/^(\{|at )/.test(line)).at(-1)?.slice(0, MAX_WORDS);
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
var LONGEST_ROUND_MS = ANSWER_WITHIN_MS + ASK_EVERY_MS;
var MAX_ANSWER_BYTES = 256 * 1024;
async function serviceAsk(config, api, key) {
  const startedAt = /* @__PURE__ */ new Date();
  const { namespace } = config.report;
  const hosts = await Promise.all(config.services.map((service) => addressOf(api, namespace, service)));
  const ask = async () => {
    const replies = await Promise.all(hosts.map((host) => askOnce(host, config.port, key)));
    await pause(ASK_EVERY_MS, new AbortController().signal);
    return replies;
  };
  const { tallies, judgedSeconds } = await askUntilRight(config, ask);
  const states = config.services.map(async ({ pod, isPod }) => isPod ? readPodState(api, namespace, pod) : void 0);
  return reportOn(config, tallies, await Promise.all(states), { startedAt, judgedSeconds }, api.retries);
}
async function askUntilRight(config, ask) {
  let [waited, right] = [0, 0];
  let tallies = [];
  while (right < config.windowSeconds * 1e3 && waited < config.deadlineSeconds * 1e3) {
    const before = performance.now();
    const replies = await ask();
    const took = performance.now() - before;
    waited += Math.min(took, LONGEST_ROUND_MS);
    const areRight = replies.map((reply, index) => isRight(reply, config.services[index]));
    const known = areRight.includes(false) ? [] : tallies;
    right = areRight.includes(false) ? 0 : right + Math.min(took, 2 * ASK_EVERY_MS);
    tallies = replies.map((last, index) => ({
      asked: (known[index]?.asked ?? 0) + 1,
      right: (known[index]?.right ?? 0) + (areRight[index] === true ? 1 : 0),
      last
    }));
  }
  return { tallies, judgedSeconds: Math.round(right / 1e3) };
}
async function addressOf(api, namespace, { service }) {
  const path2 = `/api/v1/namespaces/${namespace}/services/${service}`;
  const { spec } = await api.json("GET", path2);
  if (spec?.clusterIP === void 0) throw new Error(`Service ${service} has no address`);
  return spec.clusterIP;
}
async function askOnce(host, port, key) {
  const question = (0, import_node_crypto7.randomBytes)(16).toString("hex");
  const limits = { withinMs: ANSWER_WITHIN_MS, maxBytes: MAX_ANSWER_BYTES };
  try {
    const received = await exchange({ host, port, text: `${question}
`, ...limits });
    const answer2 = readAnswer(key, question, received);
    if (answer2) return { answer: answer2 };
    return { error: `what answers is not of this deployment: "${visible(received.slice(0, 80).trimEnd())}"` };
  } catch (error) {
    return { error: error.message };
  }
}
function isRight(reply, service) {
  return service !== void 0 && faultOf(reply, service) === void 0;
}
function faultOf(reply, { name, hears }) {
  if ("error" in reply) return `the Service did not answer: ${reply.error}`;
  const { answer: answer2 } = reply;
  if (answer2.name !== name) return `"${visible(answer2.name)}" answered instead`;
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
    summary: `${passed} of ${receivers.length} Services answered as they must${howLong(config, judgedSeconds)}`,
    sender: { ...sender, addresses: evidence.addresses, evidence },
    receivers,
    times: { startedAt: startedAt.toISOString(), judgedAt: (/* @__PURE__ */ new Date()).toISOString(), judgedSeconds },
    transportRetries
  };
}
function howLong({ windowSeconds, deadlineSeconds }, judgedSeconds) {
  if (judgedSeconds >= windowSeconds) return ` for ${judgedSeconds} s`;
  return ` at the end, but not for ${windowSeconds} s without a break within ${deadlineSeconds} s`;
}
function receiverOf({ destination }, service, tally, state) {
  const { name, pod, hears } = service;
  const { asked, right, last } = tally ?? { asked: 0, right: 0, last: { error: "it was not asked" } };
  const fault2 = faultOf(last, service);
  const lossPercent = asked === 0 ? 100 : Math.round((1 - right / asked) * 1e4) / 100;
  const notCounted = { duplicates: 0, outOfOrder: 0, foreign: 0, controlSent: 0, controlReceived: 0 };
  return {
    name,
    pod,
    node: state?.node ?? nodeOf(last) ?? service.node,
    addresses: [],
    joins: [destination.group],
    expectation: "heard",
    verdict: fault2 === void 0 ? "passed" : "failed",
    reason: fault2 === void 0 ? `answered, and hears ${hears.join(", ") || "nobody"}` : `${fault2}${stateText(state)}`,
    numbers: { sent: asked, received: right, lossPercent, ...notCounted }
  };
}
function nodeOf(reply) {
  return "answer" in reply ? reply.answer.node : void 0;
}
function stateText(state) {
  if (state === void 0) return "";
  const phase = state.phase === "Running" ? "" : `; its pod is ${state.phase ?? "not there"}`;
  return state.lastWords === void 0 ? phase : `${phase}; its container said last: ${state.lastWords}`;
}

// probe/socat.ts
var import_node_child_process = require("node:child_process");

// probe/sentences.ts
var sentence = (witnesses, text2) => ({
  certain: false,
  witnesses,
  text: text2
});
var fault = (witnesses, text2) => ({ certain: true, witnesses, text: text2 });
var ofSide = {
  podMissing: (title = "", pod = "") => `${title}'s pod ${pod} does not exist`,
  podEnded: (title = "", pod = "", phase = "") => `${title}'s pod ${pod} is ${phase}`,
  podNotRunning: (title = "", pod = "", phase = "") => `${title}'s pod ${pod} is ${phase}`,
  podQuiet: (title = "", pod = "", why = "") => `no line comes from ${title}'s pod ${pod}${why}`,
  hostQuiet: (title = "", host = "", why = "") => `${title}'s program on external host ${host} cannot be heard: ${why}`,
  noInterface: (title = "", owner = "", name = "", see = "") => `${title}'s ${owner} has no interface ${name}${see}`,
  interfaceDown: (title = "", name = "") => `${title}'s ${name} is down`,
  noCarrier: (title = "", name = "") => `${title}'s ${name} has no carrier: the host's interface under it is down or unplugged`,
  noAddress: (title = "", name = "", family = "", orDown = "") => `${title}'s ${name} has no IPv${family} address${orDown}`
};
var SENTENCES = {
  senderPodMissing: fault(["state"], ofSide.podMissing),
  senderPodEnded: fault(["state"], ofSide.podEnded),
  senderPodNotRunning: sentence(["state"], ofSide.podNotRunning),
  senderPodQuiet: sentence([], ofSide.podQuiet),
  senderHostQuiet: sentence([], ofSide.hostQuiet),
  senderNoInterface: fault(["sender"], ofSide.noInterface),
  senderInterfaceDown: fault(["sender"], ofSide.interfaceDown),
  senderNoCarrier: fault(["sender"], ofSide.noCarrier),
  senderNoAddress: fault(["sender"], ofSide.noAddress),
  receiverPodMissing: fault(["state"], ofSide.podMissing),
  receiverPodEnded: fault(["state"], ofSide.podEnded),
  receiverPodNotRunning: sentence(["state"], ofSide.podNotRunning),
  receiverPodQuiet: sentence([], ofSide.podQuiet),
  receiverHostQuiet: sentence([], ofSide.hostQuiet),
  receiverNoInterface: fault(["receiver"], ofSide.noInterface),
  receiverInterfaceDown: fault(["receiver"], ofSide.interfaceDown),
  receiverNoCarrier: fault(["receiver"], ofSide.noCarrier),
  receiverNoAddress: fault(["receiver"], ofSide.noAddress),
  noRoute: fault(["sender"], (group, remedy) => `the sender has no route to ${group} (ENETUNREACH); ${remedy}`),
  otherRoute: fault(
    ["sender"],
    (group, by, name, remedy) => `the sender's route to ${group} leaves by ${by}, not ${name}; ${remedy}`
  ),
  sendRefused: fault(["sender"], (group, code) => `the sender's kernel refuses to send to ${group} (${code})`),
  linesMissing: sentence(
    ["receiver"],
    (pod, seconds) => `of the last ${seconds} s the lines of the receiver's pod ${pod} have not come yet`
  ),
  notJoined: fault(
    ["receiver"],
    (group, name, table, why) => `the receiver has not joined ${group} on ${name}, as ${table} shows${why}`
  ),
  sharedAddress: fault(
    ["sender", "receiver"],
    (address) => `sender and receiver both have the address ${address}; give each pod an address of its own`
  ),
  reversePath: fault(
    ["sender", "receiver"],
    (name, source, back) => `rp_filter is strict on the receiver's ${name} and its route back to ${source} leaves by ${back}; add that route on ${name} or set net.ipv4.conf.${name}.rp_filter=2`
  ),
  timeToLive: fault(
    ["sender", "receiver"],
    (ttl, source, subnets) => `TTL ${ttl} does not cross the router between ${source} and ${subnets}; raise ttl`
  ),
  droppedBySocket: sentence(
    ["receiver"],
    (count3) => `${count3} datagrams that had arrived were dropped by the receiver's own socket, whose buffer was full (the column drops of /proc/net/udp): it had no processor for too long`
  ),
  onlyControlHeard: sentence(
    ["counts"],
    (control, test) => `the receiver hears the control group ${control} but not ${test}, so the path forwards one and not the other: look for IGMP snooping without a querier, or a filter on that group`
  ),
  onlyTestHeard: sentence(
    ["counts"],
    (test, control) => `the receiver hears ${test} but not the control group ${control}, so the path forwards one and not the other: look for a filter on the control group`
  ),
  bothEndsInOrder: sentence(
    ["sender", "receiver", "counts"],
    (groups, where, suspects) => `routes, memberships and interfaces are in order at both ends, but nothing of ${groups} comes ${where}: look for ${suspects}`
  ),
  oneEndKnown: sentence(
    ["counts"],
    (groups, where, unknown) => `nothing of ${groups} comes ${where}, and nothing is known of ${unknown}`
  ),
  unicastNotSent: sentence(["counts"], (address) => `nothing was sent by unicast to ${address}`),
  noUnicast: sentence(
    ["counts"],
    (from, address, to) => `no unicast comes from ${from} to ${address} on ${to}: look for a firewall, a NetworkPolicy, an address that is in use twice`
  ),
  noAnswer: sentence(
    ["sender"],
    (name) => `no answer came; the route and ${name} are in order at the sender, and nothing is known of the listener's interface: look at the listener's pod, and at what carries multicast between the two`
  ),
  unicastPaused: sentence(
    ["counts"],
    (sent) => `by unicast all ${sent} came, but in some of the judged seconds nothing was sent`
  ),
  someUnicast: sentence(["counts"], (received, sent) => `by unicast only ${received} of ${sent} came`)
};
function say(name, ...parts) {
  const { certain, witnesses, text: text2 } = SENTENCES[name];
  return { name, certain, witnesses, text: text2(...parts.map(String)) };
}

// probe/diagnosis.ts
var senderPod = ({ sender }) => podCause(sender);
var senderLink = ({ sender, destinations }) => linkCause(sender, destinations);
var senderRoute = ({ network, destinations, sender, sendErrors }) => {
  const { group } = destinations.test;
  const { interface: name } = sender;
  const place = network.kind === "attached" ? "network" : "pod";
  const remedy = familyOf(group) === 4 ? `add the route 224.0.0.0/4 dev ${name} to the ${place}` : `let the sender choose ${name}`;
  const code = Object.keys(sendErrors)[0];
  if (code === "ENETUNREACH") return say("noRoute", group, remedy);
  const by = sender.evidence?.groupRoute?.interface;
  if (by !== void 0 && by !== name) return say("otherRoute", group, by, name, remedy);
  return code === void 0 ? void 0 : say("sendRefused", group, code);
};
var receiverPod = ({ receiver }) => podCause(receiver);
var receiverLink = ({ receiver, destinations }) => linkCause(receiver, destinations);
var receiverLines = ({ receiver: { pod, missingSeconds: missingSeconds2 } }) => missingSeconds2 > 0 ? say("linesMissing", pod, missingSeconds2) : void 0;
function unheardGroups({ destinations, receiver, heardTest, heardControl }) {
  return [
    ...receiver.expect === "heard" && heardTest === 0 ? [destinations.test.group] : [],
    ...heardControl === 0 ? [destinations.control.group] : []
  ];
}
var membership = (given) => {
  const { receiver } = given;
  const group = unheardGroups(given).find((wanted) => !hasJoined(receiver, wanted));
  if (!receiver.evidence || group === void 0) return void 0;
  const why = receiver.joinError === void 0 ? "" : ` (${receiver.joinError})`;
  return say("notJoined", group, receiver.interface, joinsTable(group), why);
};
var duplicateAddress = ({ sender, receiver }) => {
  const shared2 = addresses(sender).find((address) => addresses(receiver).includes(address));
  if (shared2 === void 0) return void 0;
  return say("sharedAddress", shared2);
};
var reversePathFilter2 = ({ sender, receiver, heardTest, heardControl }) => {
  if (heardTest + heardControl > 0) return void 0;
  const { interface: name } = receiver;
  const source = addresses(sender)[0];
  if (!receiver.evidence || source === void 0) return void 0;
  const { all = 0, interface: own = 0 } = receiver.evidence.reversePathFilter;
  const back = lookupRoute(receiver.evidence.routes, source)?.interface;
  if (Math.max(all, own) !== 1 || back === name) return void 0;
  return say("reversePath", name, source, back ?? "no interface");
};
var timeToLive = ({ ttl, sender, receiver, heardTest, heardControl }) => {
  if (heardTest + heardControl > 0) return void 0;
  const source = addresses(sender)[0];
  const subnets = receiver.evidence?.addresses ?? [];
  if (ttl > 1 || source === void 0 || subnets.length === 0 || subnets.some((cidr) => contains(cidr, source)))
    return void 0;
  return say("timeToLive", ttl, source, subnets.join(", "));
};
var SUSPECTS = {
  attached: "IGMP snooping without a querier, a firewall, refused promiscuous mode or a MAC limit on the hypervisor's port, a macvlan mode other than bridge",
  cluster: "the namespace's multicast switch (OVN-Kubernetes: the annotation k8s.ovn.org/multicast-enabled=true; a receiver that joined before it hears after the next query), sender and receiver in one namespace, a TTL above 1 between nodes"
};
var droppedBySocket = ({ receiver: { dropped } }) => dropped > 0 ? say("droppedBySocket", dropped) : void 0;
var path = (given) => {
  const { network, destinations, sender, receiver, heardTest, heardControl } = given;
  const { test, control } = destinations;
  const unheard = [...new Set(unheardGroups(given))];
  if (unheard.length === 0) return void 0;
  if (heardTest > 0) return say("onlyTestHeard", test.group, control.group);
  if (heardControl > 0) return say("onlyControlHeard", control.group, test.group);
  const [from, to] = [placeOf(sender), placeOf(receiver)];
  const where = from === to ? `between two ${sender.host === void 0 ? "pods" : "programs"} of ${from}` : `from ${from} to ${to}`;
  const groups = unheard.join(" and ");
  const unknown = [sender, receiver].filter(({ evidence }) => !evidence).map(({ title }) => title);
  return unknown.length > 0 ? say("oneEndKnown", groups, where, unknown.join(" and ")) : say("bothEndsInOrder", groups, where, SUSPECTS[network.kind]);
};
var FINDERS = [
  senderPod,
  senderLink,
  senderRoute,
  receiverPod,
  receiverLines,
  receiverLink,
  membership,
  duplicateAddress,
  reversePathFilter2,
  timeToLive,
  droppedBySocket,
  path
];
function diagnose(given) {
  for (const finder of FINDERS) {
    const cause = finder(given);
    if (cause) return cause;
  }
  return void 0;
}
function diagnoseLeak({ destinations, receiver }) {
  const { group } = destinations.test;
  const { interface: name } = receiver;
  return hasJoined(receiver, group) ? `the receiver's ${name} has joined ${group}, as ${joinsTable(group)} shows` : `the receiver's ${name} has not joined ${group}, yet its kernel delivered it`;
}
function diagnoseUnicast(given, address) {
  const { sender, receiver } = given;
  const ends = [senderPod, senderLink, receiverPod, receiverLines, receiverLink, duplicateAddress, droppedBySocket];
  const found = ends.map((finder) => finder(given)).find((cause) => cause !== void 0);
  if (found) return found;
  const { sent, received } = given.unicast ?? { sent: 0, received: 0 };
  if (sent === 0) return say("unicastNotSent", address ?? "its address");
  if (received >= sent) return say("unicastPaused", sent);
  if (received > 0) return say("someUnicast", received, sent);
  return say("noUnicast", placeOf(sender), address ?? "its address", placeOf(receiver));
}
function placeOf({ host, state }) {
  return host === void 0 ? `node ${state?.node}` : `external host ${host}`;
}
function hasJoined({ evidence }, group) {
  return evidence?.memberships.groups.includes(canonical(group)) ?? false;
}
function joinsTable(group) {
  return familyOf(group) === 4 ? "/proc/net/igmp" : "/proc/net/igmp6";
}
function podCause(side) {
  const { role, title, pod, host, state, quiet } = side;
  if (host !== void 0) return quiet ? hostCause(side, host) : void 0;
  if (state && !state.exists) return say(`${role}PodMissing`, title, pod);
  if (state?.phase !== void 0 && state.phase !== "Running") return phaseCause(side, state.phase);
  if (!quiet) return void 0;
  return say(`${role}PodQuiet`, title, pod, containerText(state));
}
function phaseCause({ role, title, pod, state }, phase) {
  const why = state?.containerReason === void 0 ? "" : ` (${state.containerReason})`;
  const ended = ["Failed", "Succeeded", "Terminating"].includes(phase);
  return say(ended ? `${role}PodEnded` : `${role}PodNotRunning`, title, pod, `${phase}${why}`);
}
function containerText({ containerReason: containerReason2, lastWords: lastWords2 } = {}) {
  const why = containerReason2 === void 0 ? "" : `; its container is in ${containerReason2}`;
  return lastWords2 === void 0 ? why : `${why}; its container said last: ${lastWords2}`;
}
function hostCause({ role, title, state }, host) {
  return say(`${role}HostQuiet`, title, host, state?.complaint ?? "it is connected, but says nothing");
}
function linkCause({ role, title, host, evidence }, { test }) {
  if (!evidence) return void 0;
  const { interface: name, present, carrier, operstate, addresses: own } = evidence;
  const owner = host === void 0 ? "pod" : `external host ${host}`;
  const see = host === void 0 ? "; see its network-status annotation" : "";
  if (!present) return say(`${role}NoInterface`, title, owner, name, see);
  if (operstate !== void 0 && carrier === void 0) return say(`${role}InterfaceDown`, title, name);
  if (carrier === false || operstate === "lowerlayerdown") return say(`${role}NoCarrier`, title, name);
  const orDown = operstate === void 0 ? ", or is down" : "";
  return own.length === 0 ? say(`${role}NoAddress`, title, name, familyOf(test.group), orDown) : void 0;
}
function addresses({ evidence }) {
  return (evidence?.addresses ?? []).map(withoutPrefix);
}

// probe/socat.ts
var TRY_AGAIN_MS = 500;
var ASK_WITHIN_MS = 3e3;
var MAX_TEXT = 4096;
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
async function socatAsk(config, api, key) {
  const startedAt = /* @__PURE__ */ new Date();
  const deadline = performance.now() + config.deadlineSeconds * 1e3;
  const attempts = [];
  const answer2 = key.hostName(config.answer);
  do {
    const attempt = await askOnce2(config, await rangeOf(config, api));
    attempts.push(attempt);
    if (attempt.answers.includes(answer2)) break;
    await wait(TRY_AGAIN_MS);
  } while (performance.now() < deadline);
  return reportOn2({ ...config, answer: answer2 }, api, attempts, startedAt);
}
async function rangeOf({ network, listener, listenerAddress, range, report }, api) {
  if (network.kind === "attached") return listenerAddress === void 0 ? range : `${listenerAddress}/32`;
  const { addresses: addresses2 = [] } = await readPodState(api, report.namespace, listener.pod);
  const address = addresses2.find((each) => familyOf(each) === 4);
  return address === void 0 ? range : `${address}/32`;
}
function askOnce2({ destination, ttl }, range) {
  const target = `UDP4-DATAGRAM:${destination.group}:${destination.port},range=${range},ip-multicast-ttl=${ttl}`;
  return new Promise((resolve, reject) => {
    const socat = (0, import_node_child_process.spawn)("socat", ["STDIO", target], { stdio: ["pipe", "pipe", "pipe"] });
    let answer2 = "";
    let complaint = "";
    const timer = setTimeout(() => socat.kill("SIGKILL"), ASK_WITHIN_MS);
    socat.stdout.on("data", (chunk) => answer2 = (answer2 + chunk.toString("utf8")).slice(0, MAX_TEXT));
    socat.stderr.on("data", (chunk) => complaint = (complaint + chunk.toString("utf8")).slice(-MAX_TEXT));
    socat.on("error", reject);
    socat.on("close", () => {
      clearTimeout(timer);
      resolve({ answers: linesOf(answer2), complaint: complaint.trim() });
    });
    socat.stdin.on("error", () => void 0);
    socat.stdin.end("\n");
  });
}
function linesOf(answer2) {
  return answer2.split("\n").flatMap((line) => line.trim() || []);
}
async function reportOn2(config, api, attempts, startedAt) {
  const { report, destination, listener, sender, answer: answer2 } = config;
  const state = await readPodState(api, report.namespace, listener.pod);
  const evidence = takeEvidence(config.interface, destination.group);
  const answers = attempts.filter((attempt) => attempt.answers.includes(answer2)).length;
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
  const other = attempts.flatMap(({ answers }) => answers)[0];
  if (other !== void 0)
    return `"${visible(other.slice(0, 80))}" answered, not "${config.answer}"; another listener uses this group`;
  const cause = diagnose(caseOf(config, state, last?.complaint ?? ""));
  const complaint = last?.complaint ? `; socat says: ${visible(last.complaint.split("\n").at(-1) ?? "")}` : "";
  const isKnown = cause !== void 0 && !cause.witnesses.includes("counts");
  return (isKnown ? cause : say("noAnswer", config.interface)).text + complaint;
}
function caseOf(config, state, complaint) {
  const side = (role, title, pod) => ({
    role,
    title,
    pod,
    interface: config.interface,
    quiet: false
  });
  const sendErrors = complaint.includes("Network is unreachable") ? { ENETUNREACH: 1 } : {};
  return {
    network: config.network,
    destinations: { test: config.destination, control: config.destination },
    ttl: config.ttl,
    sender: {
      ...side("sender", "the sender", config.sender.pod),
      evidence: takeEvidence(config.interface, config.destination.group),
      state: { exists: true, phase: "Running", node: config.sender.node }
    },
    sendErrors,
    receiver: {
      ...side("receiver", "the listener", config.listener.pod),
      state,
      quiet: state.containerReason !== void 0,
      expect: "heard",
      missingSeconds: 0,
      dropped: 0
    },
    heardTest: 0,
    heardControl: 0
  };
}
function ownAddress(name) {
  return addressesOf(name, 4)[0]?.split("/")[0];
}
function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// probe/doubts.ts
function doubt(given, receiver) {
  const own = given.evidenceOf(receiver.pod);
  if (isSameNetwork(own, given.sender))
    return "sender and receiver are in one network namespace, whose kernel hands what is sent to its own members before any interface has carried it; put them on two machines or into two pods";
  const isControlProof = receiver.expect === "silent" && receiver.proof === void 0;
  return foreignMember(given, receiver, "test") ?? (isControlProof ? foreignMember(given, receiver, "control") : void 0);
}
function foreignMember(given, receiver, stream) {
  const names = [...new Set(given.heard(receiver.pod, stream).flatMap(({ alsoBy = [] }) => alsoBy))];
  if (names.length === 0) return void 0;
  const { group } = given.config.destinations[stream];
  const own = given.evidenceOf(receiver.pod);
  const beside = given.config.receivers.filter(
    ({ pod, joins }) => pod !== receiver.pod && isSameNetwork(own, given.evidenceOf(pod)) && (stream === "control" || joins.includes(group))
  );
  const who = beside.length > 0 ? beside.map(({ name }) => `receiver ${name}`).join(", ") : "another program";
  const table = familyOf(group) === 4 ? "/proc/net/igmp" : "/proc/net/igmp6";
  return `${who} of the same network namespace has joined ${group} on ${names.join(", ")}, as ${table} showed, and the kernel hands what comes in there to this receiver too: it cannot be told from what comes in by its own ${receiver.interface ?? given.config.interface}`;
}
function duplicateAddress2(given, receiver) {
  const sender = { name: "the sender", evidence: given.sender };
  const others = given.config.receivers.filter(({ pod }) => pod !== receiver.pod);
  const ends = [
    sender,
    ...others.map(({ name, pod }) => ({ name: `receiver ${name}`, evidence: given.evidenceOf(pod) }))
  ];
  const own = { name: `receiver ${receiver.name}`, evidence: given.evidenceOf(receiver.pod) };
  const found = ends.flatMap((end) => shared(given.config, own, end) ?? []);
  return [...found, ...[own, sender].flatMap((end) => refusedByKernel(end) ?? [])][0];
}
function shared({ network }, one, other) {
  const [first, second] = [one.evidence, other.evidence];
  if (!first || !second || isSameNetwork(first, second)) return void 0;
  const address = usable(first).find((each) => usable(second).includes(each));
  if (address !== void 0)
    return `${one.name} and ${other.name} both have the address ${address}; give each an address of its own`;
  const isOneLink = usable(second).some((each) => first.addresses.some((cidr) => contains(cidr, each)));
  const isMeant = first.linkType === "ipvlan" && second.linkType === "ipvlan";
  if (network.kind !== "attached" || !isOneLink || isMeant || first.mac === void 0 || first.mac !== second.mac)
    return void 0;
  return `${one.name} and ${other.name} both have the MAC address ${first.mac}; give each a MAC address of its own`;
}
function refusedByKernel({ name, evidence }) {
  const [address] = evidence?.duplicates ?? [];
  return address === void 0 ? void 0 : `another machine has ${address}, which ${name} was given: its kernel does not use it (DADFAILED in /proc/net/if_inet6)`;
}
function usable({ addresses: addresses2 }) {
  return addresses2.map(withoutPrefix).filter((address) => !address.startsWith("fe80:"));
}
function isSameNetwork(one, other) {
  return one?.networkNamespace !== void 0 && one.networkNamespace === other?.networkNamespace;
}
function warnings(given, receiver) {
  return ["test", "control", "unicast"].flatMap((stream) => {
    const blocks = given.heard(receiver.pod, stream);
    const twice = blocks.reduce((sum2, { duplicates }) => sum2 + duplicates, 0);
    if (twice === 0) return [];
    const what = stream === "unicast" ? "unicast" : given.config.destinations[stream].group;
    return [
      `${twice} packets of ${what} came more than once: look for a loop, a mirrored port, or two ways to this receiver`
    ];
  });
}

// probe/sender-loss.ts
function offersOf({ blocks }, number2) {
  const own = blocks.filter(({ block }) => block === number2);
  return new Map(own.map(({ stream, to, sent, errors }) => [to ?? stream, { sent, errors }]));
}
function offered({ sent, errors }) {
  return sent + total(errors);
}
function isStarved(offers, { ratePerSecond }) {
  const test = offers.get("test");
  return test !== void 0 && offered(test) < ratePerSecond;
}
var REASONS = {
  EPERM: "a firewall or a policy on its output drops them",
  EACCES: "a route or a policy forbids them",
  ENOBUFS: "the queue of its interface is full",
  EAGAIN: "its send buffer is full, since its interface does not send them away",
  ENETUNREACH: "it has no route there",
  EHOSTUNREACH: "it has no way there",
  EINVAL: "its route there discards them, or it cannot send there at all",
  ENETDOWN: "its interface is down",
  EADDRNOTAVAIL: "its interface has lost its address",
  EMSGSIZE: "its interface takes only smaller ones"
};
function senderLoss(blocks, key, to, { ratePerSecond, maxLossPercent }) {
  const offers = blocks.flatMap(({ offers: each }) => each.get(key) ?? []);
  const due = ratePerSecond * offers.length;
  const sent = offers.reduce((sum2, offer) => sum2 + offer.sent, 0);
  const refused = /* @__PURE__ */ new Map();
  for (const { errors } of offers)
    for (const [code2, times] of Object.entries(errors)) refused.set(code2, (refused.get(code2) ?? 0) + times);
  if (due === 0 || (due - sent) * 100 <= maxLossPercent * due) return void 0;
  const [code] = [...refused].sort(([, one], [, other]) => other - one)[0] ?? [];
  const skipped = due - offers.reduce((sum2, offer) => sum2 + offered(offer), 0);
  const parts = [
    ...[...refused].map(
      ([each, times]) => `the sender's kernel refused ${times} of ${due} packets to ${to} (${each})${REASONS[each] ? `: ${REASONS[each]}` : ""}`
    ),
    ...skipped > 0 ? [
      `the sender skipped ${skipped} of ${due} packets to ${to}, having had no processor in time; that is no loss of the network`
    ] : []
  ];
  return { text: parts.join("; "), code };
}
function total(errors) {
  return Object.values(errors).reduce((sum2, times) => sum2 + times, 0);
}

// probe/situation.ts
function addressOf2({ config, podStates }, { pod, address }) {
  const family = familyOf(config.destinations.test.group);
  return address ?? podStates.get(pod)?.addresses?.find((each) => familyOf(each) === family);
}

// probe/outcome.ts
function withSenderLoss(situation, receiver, blocks, found) {
  const { config } = situation;
  const { test, control } = config.destinations;
  const { expect, proof, unicast } = receiver;
  const address = addressOf2(situation, receiver);
  const streams = [
    [true, "test", test.group],
    [expect === "silent" && proof === void 0, "control", control.group],
    [(unicast ?? proof) !== void 0 && address !== void 0, address ?? "", address ?? ""]
  ];
  const losses = streams.filter(([isJudged]) => isJudged);
  const loss = losses.flatMap(([, key, to]) => senderLoss(blocks, key, to, config) ?? [])[0];
  const isLeak = expect === "silent" && found.verdict === "failed";
  if (loss === void 0 || isLeak || isTold(loss, found)) return found;
  if (expect === "heard") return { verdict: "failed", text: loss.text };
  return { verdict: "inconclusive", text: `silence proves nothing, since ${loss.text}` };
}
function observedOf({ config, observations }, blocks) {
  return {
    config,
    sender: observations.senderLine?.evidence,
    evidenceOf: (pod) => observations.receiverLine(pod)?.evidence,
    heard: (pod, stream) => blocks.flatMap(({ number: number2 }) => observations.heard(pod, stream, number2) ?? [])
  };
}
function withDoubts(observed, receiver, found) {
  const why = doubt(observed, receiver);
  const isCounted = found.verdict === "passed" || receiver.expect === "silent";
  if (why !== void 0 && isCounted) return { verdict: "inconclusive", text: why };
  const twice = duplicateAddress2(observed, receiver);
  if (twice === void 0 || found.text?.includes("both have the address")) return found;
  const text2 = found.text === void 0 ? twice : `${found.text}; ${twice}`;
  return { verdict: found.verdict === "passed" ? "failed" : found.verdict, text: text2 };
}
function isTold({ code }, { text: text2 = "" }) {
  return code === "ENETUNREACH" && text2.includes(code);
}

// probe/window.ts
var FRESH_BLOCKS = 3;
var GIVEN_UP_MS = 3e3;
function judgedStreams({ proof, expect, unicast }) {
  return [
    { stream: proof ?? "control", isHeard: true },
    { stream: "test", isHeard: expect === "heard" },
    ...unicast === void 0 ? [] : [{ stream: "unicast", isHeard: unicast === "heard" }]
  ];
}
function windowOf(situation) {
  const { windowSeconds } = situation.config;
  const fresh = Math.min(FRESH_BLOCKS, windowSeconds);
  const run3 = new Run();
  for (const block of situation.observations.blocks) {
    if (!isSettled(situation, block)) return void 0;
    run3.add(situation, block);
    const window = run3.blocks.slice(-windowSeconds);
    if (window.length === windowSeconds && window.filter(({ isNews }) => isNews).length >= fresh) return window;
  }
  return void 0;
}
function latestOf(situation) {
  const { observations, config, now } = situation;
  const over = observations.blocks.filter((block) => now - block.readAt >= GIVEN_UP_MS || isSettled(situation, block));
  return over.slice(-config.windowSeconds);
}
var Run = class {
  blocks = [];
  last;
  lastReached = false;
  add(situation, block) {
    const follows = this.last !== void 0 && this.last.number + 1 === block.number;
    const hasBegun = follows && this.blocks.some(({ isNews }) => isNews);
    const isUseful = !isUnknown(situation, block) && (hasBegun || this.begins(situation, block, follows));
    if (!isUseful) this.blocks = [];
    else this.blocks = follows ? [...this.blocks, block] : [block];
    this.last = block;
    this.lastReached = reachesEveryone(situation, block);
  }
  /** The first block in which all hear may have been cut in half by a join, so it counts only if nothing is missing. */
  begins(situation, block, follows) {
    if (isPerfect(situation, block)) return true;
    return block.isNews && follows && this.lastReached && reachesEveryone(situation, block);
  }
};
function isSettled(situation, block) {
  const { config, observations } = situation;
  return config.receivers.every(
    (receiver) => observations.isPast(receiver, block.number, isComplete(situation, receiver, block))
  );
}
function isUnknown(situation, block) {
  const { config, observations } = situation;
  if (isStarved(block.offers, config)) return true;
  return config.receivers.some(
    (receiver) => observations.hole(receiver, block.number) !== void 0 || judgedStreams(receiver).some(({ stream }) => sentOf(situation, receiver, block, stream) === 0)
  );
}
function reachesEveryone(situation, block) {
  const { config, observations } = situation;
  return config.receivers.every(
    (receiver) => judgedStreams(receiver).every(
      ({ stream, isHeard }) => sentOf(situation, receiver, block, stream) > 0 && (!isHeard || observations.heard(receiver.pod, stream, block.number) !== void 0)
    )
  );
}
function isPerfect(situation, block) {
  const { config, observations } = situation;
  return config.receivers.every(
    (receiver) => isComplete(situation, receiver, block) && judgedStreams(receiver).every(
      ({ stream, isHeard }) => sentOf(situation, receiver, block, stream) > 0 && (isHeard || observations.heard(receiver.pod, stream, block.number) === void 0)
    )
  );
}
function isComplete(situation, receiver, block) {
  return judgedStreams(receiver).every(
    ({ stream, isHeard }) => !isHeard || (situation.observations.heard(receiver.pod, stream, block.number)?.received ?? 0) >= sentOf(situation, receiver, block, stream)
  );
}
function sentOf(situation, receiver, block, stream) {
  if (stream === "unicast") return block.unicast.get(addressOf2(situation, receiver) ?? "") ?? 0;
  return block.sent[stream];
}

// probe/judge.ts
var QUIET_MS = 4e3;
var USUAL_DELAY = 3;
function judgeReceiver(situation, receiver, blocks, isWindow) {
  const numbers = count2(situation, receiver, blocks);
  const judged = withUnicast(situation, receiver, numbers, outcome(situation, receiver, numbers, blocks));
  const observed = observedOf(situation, blocks);
  const found = withDoubts(observed, receiver, withSenderLoss(situation, receiver, blocks, judged));
  const { verdict: verdict2, text: text2 } = found.verdict === "passed" && !isWindow ? pastOutcome(situation, receiver) : found;
  const { test } = situation.config.destinations;
  const told2 = warnings(observed, receiver);
  const heard = `heard ${numbers.received} of ${numbers.sent} packets of ${socketText(test.group, test.port)}`;
  return {
    ...podReport(situation, receiver),
    expectation: receiver.expect,
    joins: receiver.joins,
    unicast: receiver.unicast,
    verdict: verdict2,
    reason: text2 === void 0 ? heard : `${heard}: ${text2}`,
    ...told2.length > 0 && { warnings: told2 },
    numbers
  };
}
function obstacles(situation) {
  return situation.config.receivers.flatMap((receiver) => {
    const cause = obstacle(situation, receiver);
    return cause ? [[receiver, cause]] : [];
  });
}
function obstacle(situation, receiver) {
  const latest = latestOf(situation).slice(-1);
  const numbers = count2(situation, receiver, latest);
  const given = caseOf2(situation, receiver, numbers);
  const hears = (receiver.proof === "unicast" || numbers.controlReceived > 0) && (receiver.expect === "silent" || numbers.received > 0);
  if (!hears || given.sender.quiet) return diagnose(given);
  const needsUnicast = receiver.proof === "unicast" || receiver.unicast === "heard";
  if (!needsUnicast || (numbers.unicastReceived ?? 0) > 0) return void 0;
  return diagnoseUnicast(given, addressOf2(situation, receiver));
}
function podReport({ observations, config, podStates }, checked) {
  const line = checked === config.sender ? observations.senderLine : observations.receiverLine(checked.pod);
  return {
    name: checked.name,
    pod: checked.pod,
    namespace: checked.namespace,
    node: podStates.get(checked.pod)?.node ?? checked.node,
    ...checked.outlet && { external: true },
    addresses: line?.evidence.addresses ?? [],
    evidence: line?.evidence
  };
}
function outcome(situation, receiver, numbers, blocks) {
  const given = caseOf2(situation, receiver, numbers);
  if (receiver.expect === "heard") return judgeHeard(situation.config.maxLossPercent, numbers, given);
  return judgeSilent(situation, receiver, numbers, given, blocks);
}
function judgeSilent(situation, receiver, numbers, given, blocks) {
  if (numbers.received > 0) return { verdict: "failed", text: `silence was expected, but ${diagnoseLeak(given)}` };
  const proof = proofOf(situation, receiver, numbers, given);
  const deaf = blocks.filter(({ number: number2 }) => !situation.observations.heard(receiver.pod, proof.stream, number2));
  const unheard = receiver.proof === "unicast" ? blocks.filter((block) => !heardBySomebody(situation, block)) : [];
  if (numbers.sent > 0 && proof.sent > 0 && deaf.length === 0 && unheard.length === 0) return { verdict: "passed" };
  if (unheard.length > 0)
    return {
      verdict: "inconclusive",
      text: "silence proves nothing, since the receivers that must hear the group did not hear it all the time either"
    };
  const why = numbers.sent === 0 ? "nothing was sent" : `it did not hear ${proof.what} all the time either`;
  return {
    verdict: "inconclusive",
    text: `silence proves nothing, since ${why}${proof.cause ? `: ${proof.cause.text}` : ""}`
  };
}
function heardBySomebody({ config, observations }, { number: number2 }) {
  const hearers = config.receivers.filter(({ expect }) => expect === "heard");
  return hearers.length === 0 || hearers.some(({ pod }) => observations.heard(pod, "test", number2));
}
function proofOf(situation, receiver, numbers, given) {
  if (receiver.proof === void 0)
    return {
      stream: "control",
      what: "the control group",
      sent: numbers.controlSent,
      cause: diagnose(given)
    };
  return {
    stream: receiver.proof,
    what: "unicast of the sender",
    sent: numbers.unicastSent ?? 0,
    cause: diagnoseUnicast(given, addressOf2(situation, receiver))
  };
}
function withUnicast(situation, receiver, numbers, found) {
  const { unicastSent = 0, unicastReceived = 0 } = numbers;
  if (receiver.unicast === void 0 || found.verdict !== "passed") return found;
  const came = `by unicast ${unicastReceived} of ${unicastSent} came`;
  if (receiver.unicast === "silent") {
    if (unicastReceived > 0) return { verdict: "failed", text: `${came}, and none may: no policy keeps them away` };
    return unicastSent > 0 ? found : { verdict: "inconclusive", text: "nothing was sent by unicast" };
  }
  const lost = unicastSent === 0 ? 100 : (1 - unicastReceived / unicastSent) * 100;
  if (lost <= situation.config.maxLossPercent) return found;
  if (unicastReceived > 0) return { verdict: "failed", text: `${came}: some are lost` };
  const given = caseOf2(situation, receiver, numbers);
  return { verdict: "failed", text: `${came}: ${diagnoseUnicast(given, addressOf2(situation, receiver)).text}` };
}
function pastOutcome(situation, receiver) {
  const cause = obstacle(situation, receiver);
  if (cause === void 0 || cause.name === "onlyTestHeard") return { verdict: "passed" };
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
function count2(situation, receiver, blocks) {
  const { observations } = situation;
  const { pod } = receiver;
  const heard = (stream) => blocks.flatMap(({ number: number2 }) => observations.heard(pod, stream, number2) ?? []);
  const test = heard("test");
  const line = observations.receiverLine(pod);
  const unicastNumbers = () => {
    const address = addressOf2(situation, receiver) ?? "";
    return {
      unicastSent: sum(blocks.map((block) => block.unicast.get(address) ?? 0)),
      unicastReceived: sum(heard("unicast").map((block) => block.received))
    };
  };
  const sent = situation.config.ratePerSecond * blocks.length;
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
    ...receiver.unicast || receiver.proof ? unicastNumbers() : {},
    firstHeardAfterMs: line?.firstHeardAfterMs.test
  };
}
function caseOf2(situation, receiver, numbers) {
  const { config, observations, now } = situation;
  const line = observations.receiverLine(receiver.pod);
  const side = (role, checked, evidence) => ({
    role,
    title: `the ${role}`,
    pod: checked.pod,
    host: checked.outlet && checked.node,
    interface: checked.interface ?? config.interface,
    state: situation.podStates.get(checked.pod),
    evidence,
    quiet: now - (observations.readAt(checked.pod) ?? -Infinity) > QUIET_MS
  });
  return {
    network: config.network,
    destinations: config.destinations,
    ttl: config.ttl,
    sender: side("sender", config.sender, observations.senderLine?.evidence),
    sendErrors: latestOf(situation).at(-1)?.errors ?? {},
    receiver: {
      ...side("receiver", receiver, line?.evidence),
      joinError: line?.joinError,
      expect: receiver.expect,
      missingSeconds: missingSeconds(situation, receiver),
      dropped: observations.dropped(receiver.pod)
    },
    heardTest: numbers.received,
    heardControl: numbers.controlReceived,
    unicast: { sent: numbers.unicastSent ?? 0, received: numbers.unicastReceived ?? 0 }
  };
}
function missingSeconds({ observations }, receiver) {
  const { pod } = receiver;
  const highest = observations.highest(pod);
  const last = observations.blocks.at(-1)?.number;
  if (highest === void 0 || last === void 0 || observations.isPast(receiver, last - USUAL_DELAY, false)) return 0;
  return Math.max(0, last - highest);
}
function sum(numbers) {
  return numbers.reduce((total2, number2) => total2 + number2, 0);
}

// probe/switch.ts
var PHASES = [
  { name: "before", isOn: false, expect: "silent" },
  { name: "on", isOn: true, expect: "heard" },
  { name: "off", isOn: false, expect: "silent" },
  { name: "on-again", isOn: true, expect: "heard" }
];
async function judgeSwitched(config, { annotation, value, seconds }, api, judge3) {
  const path2 = `/api/v1/namespaces/${config.report.namespace}`;
  const set = (wanted) => api.json("PATCH", path2, { metadata: { annotations: { [annotation]: wanted } } });
  const reports = [];
  try {
    for (const { name, isOn, expect } of PHASES) {
      await set(isOn ? value : null);
      const report = await untilPassed(() => judge3(expecting(config, expect)), seconds);
      reports.push(named(report, name));
      if (report.verdict === "failed") break;
    }
  } finally {
    await set(null);
  }
  return merged(config, reports);
}
async function untilPassed(judge3, seconds) {
  const until = performance.now() + seconds * 1e3;
  for (; ; ) {
    const isLast = performance.now() >= until;
    const report = await judge3();
    if (report.verdict === "passed" || isLast) return report;
  }
}
function expecting(config, expect) {
  const told2 = ({ proof, ...receiver }) => ({
    ...receiver,
    expect,
    ...expect === "silent" && { proof }
  });
  return { ...config, receivers: config.receivers.map(told2) };
}
function named(report, phase) {
  const receivers = report.receivers.map((receiver) => ({ ...receiver, name: `${receiver.name}-${phase}` }));
  return { ...report, receivers, summary: `${phase}: ${report.summary}` };
}
function merged(config, reports) {
  const [first, last] = [reports[0], reports.at(-1)];
  if (first === void 0 || last === void 0) throw new Error(`${config.report.check} has no phase`);
  const receivers = reports.flatMap((report) => report.receivers);
  const met = receivers.filter(({ verdict: verdict2 }) => verdict2 === "passed").length;
  const all = PHASES.length * config.receivers.length;
  const judgedSeconds = reports.reduce((sum2, { times }) => sum2 + times.judgedSeconds, 0);
  return {
    ...last,
    summary: `${met} of ${all} expectations met while multicast was switched; ${last.summary}`,
    receivers,
    times: { ...last.times, startedAt: first.times.startedAt, judgedSeconds }
  };
}

// probe/watch.ts
var import_node_dgram5 = require("node:dgram");

// probe/line-shape.ts
var MANY = 5e4;
var at = number(0, 864e13);
var run = matching(/^[0-9A-Za-z]{1,64}$/);
var streamName = oneOf("test", "control", "unicast");
var words = text(2e3);
var kernelCount = number(0, 2 ** 64);
var route = object({
  interface: text(64),
  destination: addressText,
  gateway: optional(addressText),
  metric: kernelCount
});
var memberships = object({
  groups: list(addressText, MANY),
  version: optional(text(8))
});
var counters = object({
  rxPackets: kernelCount,
  rxDropped: kernelCount,
  rxMulticast: kernelCount,
  txPackets: kernelCount,
  txDropped: kernelCount
});
var evidenceShape = object({
  interface: text(64),
  present: flag,
  operstate: optional(text(32)),
  carrier: optional(flag),
  mtu: optional(count),
  mac: optional(text(64)),
  linkType: optional(text(64)),
  networkNamespace: optional(text(128)),
  addresses: list(addressText, MANY),
  duplicates: optional(list(addressText, MANY)),
  memberships,
  counters: optional(counters),
  reversePathFilter: object({ all: optional(count), interface: optional(count) }),
  routes: list(route, MANY),
  groupRoute: optional(route)
});
var blockNumber = integer(0, 4294967295);
var sentBlock = object({
  stream: streamName,
  to: optional(addressText),
  block: blockNumber,
  sent: count,
  errors: record(count, 100)
});
var heardBlock = object({
  sender: run,
  stream: streamName,
  block: blockNumber,
  received: count,
  duplicates: count,
  outOfOrder: count,
  alsoBy: optional(list(text(64), 256))
});
var senderLine = object({
  role: oneOf("sender"),
  at,
  incarnation: run,
  sequence: count,
  blocks: list(sentBlock, MANY),
  evidence: evidenceShape
});
var receiverLine = object({
  role: oneOf("receiver"),
  at,
  incarnation: run,
  sequence: count,
  elapsedMs: count,
  socketDrops: optional(count),
  joined: list(addressText, MANY),
  joinError: optional(words),
  blocks: list(heardBlock, MANY),
  foreign: count,
  firstHeardAfterMs: object({ test: optional(count), control: optional(count) }),
  evidence: evidenceShape
});
var faultLine = object({ role: oneOf("fault"), at, text: words });
var lineShape = (value) => {
  const role = typeof value === "object" && value !== null && "role" in value ? value.role : void 0;
  if (role === "sender") return senderLine(value);
  if (role === "receiver") return receiverLine(value);
  if (role === "fault") return faultLine(value);
  throw new ShapeError("must have a role of a probe");
};
function parseLine(line) {
  return line.startsWith("{") ? tryParse(line, lineShape) : void 0;
}

// probe/runs.ts
var Runs = class {
  past = /* @__PURE__ */ new Set();
  last;
  /** Notes a line. */
  read({ incarnation, sequence }) {
    const { last } = this;
    if (this.past.has(incarnation)) return "old";
    if (last?.incarnation === incarnation) {
      if (sequence <= last.sequence) return "old";
      this.last = { incarnation, sequence };
      return sequence === last.sequence + 1 ? "next" : "gap";
    }
    if (last) this.past.add(last.incarnation);
    this.last = { incarnation, sequence };
    return "new-run";
  }
};

// probe/receiver-record.ts
var LATE_MS = 2e3;
var ReceiverRecord = class {
  line;
  /** Datagrams that its sockets dropped while they were watched. */
  dropped = 0;
  runs = new Runs();
  senders = /* @__PURE__ */ new Map();
  /** Why what came before the next line is not known. */
  unknown = "started";
  /** Takes a line; one that was read before changes nothing. @returns whether it was new. */
  add(line) {
    const reading = this.runs.read(line);
    if (reading === "old") return false;
    if (reading === "new-run") this.senders.clear();
    if (reading !== "next") this.forget(reading === "gap" ? "lines" : "started");
    const drops = reading === "new-run" ? 0 : Math.max(0, dropsOf(line) - dropsOf(this.line));
    this.dropped += drops;
    this.line = line;
    for (const sender of new Set(line.blocks.map((block) => block.sender))) this.fromSender(sender);
    for (const [sender, record2] of this.senders) {
      const own = line.blocks.filter((block) => block.sender === sender);
      if (own.length > 0) addBlocks(record2, own, line.elapsedMs);
      noteDrops(record2, drops > 0, own);
    }
    return true;
  }
  /** Counts of one block. */
  heard(sender, stream, block) {
    return this.senders.get(sender)?.heard.get(`${stream} ${block}`);
  }
  /**
   * Whether its own lines show that nothing more can come of a block: it has counted a later one, with nothing missing or with
   * one more between them; or it has printed a line so long after the block by its own monotonic clock, which runs as
   * fast as the sender's.
   */
  isPast(sender, block, isComplete2) {
    const record2 = this.senders.get(sender);
    if (!record2) return false;
    if (record2.highest > (isComplete2 ? block : block + 1)) return true;
    return (this.line?.elapsedMs ?? -Infinity) >= record2.offsetMs + (block + 1) * 1e3 + LATE_MS;
  }
  /** Highest block that it has spoken of; nothing where it has heard none. */
  highest(sender) {
    return this.senders.get(sender)?.highest;
  }
  /** Why its counts of a block may not be all that came; nothing where they are. */
  hole(sender, block) {
    const record2 = this.senders.get(sender);
    if (!record2) return this.unknown;
    if (block < record2.completeFrom) return record2.incompleteFor;
    return record2.dropped.some(([from, to]) => block >= from && block <= to) || block >= (record2.droppingSince ?? Infinity) ? "dropped" : void 0;
  }
  forget(why) {
    this.unknown = why;
    for (const record2 of this.senders.values()) {
      record2.completeFrom = Infinity;
      record2.incompleteFor = why;
    }
  }
  fromSender(sender) {
    const known = this.senders.get(sender);
    if (known) return known;
    const record2 = {
      heard: /* @__PURE__ */ new Map(),
      incompleteFor: this.unknown,
      completeFrom: Infinity,
      highest: -1,
      offsetMs: Infinity,
      dropped: []
    };
    this.senders.set(sender, record2);
    return record2;
  }
};
function dropsOf(line) {
  return line?.socketDrops ?? 0;
}
function addBlocks(record2, blocks, elapsedMs) {
  const numbers = blocks.map(({ block }) => block);
  if (record2.completeFrom === Infinity) record2.completeFrom = Math.min(...numbers) + 1;
  record2.highest = Math.max(record2.highest, ...numbers);
  record2.offsetMs = Math.min(record2.offsetMs, elapsedMs - record2.highest * 1e3);
  for (const block of blocks) record2.heard.set(`${block.stream} ${block.block}`, block);
}
function noteDrops(record2, isDropping, blocks) {
  const numbers = blocks.map(({ block }) => block);
  if (isDropping) record2.droppingSince ??= Math.min(record2.highest, ...numbers);
  else if (record2.droppingSince !== void 0 && numbers.length > 0) {
    record2.dropped.push([record2.droppingSince, Math.min(...numbers)]);
    record2.droppingSince = void 0;
  }
}

// probe/sender-record.ts
var SenderRecord = class {
  line;
  /** Of the present run, in their order. */
  blocks = [];
  runs = new Runs();
  /** Takes a line that was read at `now`; one that was read before changes nothing. @returns whether it was new. */
  add(line, now, isNews) {
    const reading = this.runs.read(line);
    if (reading === "old") return false;
    if (reading === "new-run") this.blocks = [];
    this.line = line;
    const known = new Set(this.blocks.map(({ number: number2 }) => number2));
    const added = line.blocks.filter(({ stream, block }) => stream === "test" && !known.has(block)).map(({ block, errors }) => ({ ...blockOf(line, block), number: block, readAt: now, isNews, errors }));
    this.blocks = [...this.blocks, ...added].sort((one, other) => one.number - other.number);
    return true;
  }
};
function blockOf(line, number2) {
  const offers = offersOf(line, number2);
  const offeredTo = (key) => offered(offers.get(key) ?? { sent: 0, errors: {} });
  const addresses2 = [...offers].filter(([key]) => key !== "test" && key !== "control");
  return {
    sent: { test: offeredTo("test"), control: offeredTo("control") },
    offers,
    unicast: new Map(addresses2.map(([to, offer]) => [to, offered(offer)]))
  };
}

// probe/observations.ts
var Observations = class {
  sender = new SenderRecord();
  receivers = /* @__PURE__ */ new Map();
  newLines = /* @__PURE__ */ new Map();
  constructor(config) {
    for (const { pod } of config.receivers) this.receivers.set(pod, new ReceiverRecord());
  }
  /** The sender's last line. */
  get senderLine() {
    return this.sender.line;
  }
  /** Blocks of the sender's present run, in their order. */
  get blocks() {
    return this.sender.blocks;
  }
  /** A receiver's last line. */
  receiverLine(pod) {
    return this.receivers.get(pod)?.line;
  }
  /** When a pod's last line was read; nothing for a pod that has printed none. */
  readAt(pod) {
    return this.newLines.get(pod)?.lastAt;
  }
  /** How many lines of a pod were read, each once. */
  lineCount(pod) {
    return this.newLines.get(pod)?.count ?? 0;
  }
  /** Takes a line. One that was read before changes nothing. */
  add(pod, line, { at: at2, isNews }) {
    const isNew = line.role === "sender" ? this.sender.add(line, at2, isNews) : this.receivers.get(pod)?.add(line) ?? false;
    if (isNew) this.newLines.set(pod, { count: this.lineCount(pod) + 1, lastAt: at2 });
  }
  /** Counts of a receiver in one block of the sender's present run. */
  heard(pod, stream, block) {
    return this.receivers.get(pod)?.heard(this.run, stream, block);
  }
  /** Whether a receiver's own lines show that nothing more can come of a block. */
  isPast({ pod }, block, isComplete2) {
    return this.receivers.get(pod)?.isPast(this.run, block, isComplete2) ?? false;
  }
  /** Highest block of the sender's present run that a receiver has spoken of. */
  highest(pod) {
    return this.receivers.get(pod)?.highest(this.run);
  }
  /** Why a receiver's counts of a block may not be all that came; nothing where they are. */
  hole({ pod }, block) {
    return this.receivers.get(pod)?.hole(this.run, block);
  }
  /** Datagrams that a receiver's own sockets dropped while it was watched. */
  dropped(pod) {
    return this.receivers.get(pod)?.dropped ?? 0;
  }
  get run() {
    return this.sender.line?.incarnation ?? "";
  }
};

// probe/pod-states.ts
var READ_EVERY_MS = 500;
var PodStates = class {
  constructor(api, pods, namespace, complaintOf) {
    this.api = api;
    this.pods = pods;
    this.namespace = namespace;
    this.complaintOf = complaintOf;
  }
  api;
  pods;
  namespace;
  complaintOf;
  latest = /* @__PURE__ */ new Map();
  /** How often all of them were read. */
  rounds = 0;
  /** Reads them until `signal` aborts. */
  async follow(signal) {
    while (!signal.aborted) {
      try {
        this.latest = new Map(await Promise.all(this.pods.map((checked) => this.read(checked))));
        this.rounds += 1;
      } catch {
      }
      await pause(READ_EVERY_MS, signal);
    }
  }
  async read({ pod, namespace, node, outlet }) {
    if (outlet) return [pod, { exists: true, node, complaint: this.complaintOf(pod) }];
    return [pod, await readPodState(this.api, namespace ?? this.namespace, pod)];
  }
};

// probe/outlet-follower.ts
var import_node_net7 = require("node:net");
var REOPEN_PAUSE_MS2 = 500;
var KNOWN_WITHIN_MS2 = 3e3;
var STRANGER = "what answers there is no probe of this deployment";
async function followOutlet(outlet, key, onLine, onComplaint, signal) {
  let isNews = false;
  const take = (text2) => {
    if (text2 === END_OF_KEPT) isNews = true;
    else onLine(text2, isNews);
  };
  while (!signal.aborted) {
    onComplaint(await readUntilEnd(outlet, new Reader(key, take, onComplaint), signal));
    await pause(REOPEN_PAUSE_MS2, signal);
  }
}
var Reader = class {
  constructor(key, onLine, onComplaint) {
    this.key = key;
    this.onLine = onLine;
    this.onComplaint = onComplaint;
  }
  key;
  onLine;
  onComplaint;
  isKnown = false;
  signer;
  /** Takes a line; what it gives is sent back. @throws Error for one that no probe of this deployment says. */
  read(text2) {
    if (this.signer === void 0) {
      if (!isNumber(text2)) throw new Error(STRANGER);
      const conversation = { probe: text2, verdict: freshNumber() };
      this.signer = new LineSigner(this.key, conversation);
      return `${introduce(this.key, conversation)}
`;
    }
    const line = this.signer.read(text2);
    if (line === void 0) throw new Error(STRANGER);
    if (!this.isKnown) this.onComplaint(void 0);
    this.isKnown = true;
    if (line !== "") this.onLine(line);
    return void 0;
  }
};
function readUntilEnd({ address, port }, reader, signal) {
  const place = `TCP ${socketText(address, port)}`;
  return new Promise((resolve) => {
    let why = `its connection on ${place} has ended`;
    const socket = (0, import_node_net7.connect)({ host: address, port });
    const giveUp = () => void socket.destroy();
    const timer = setTimeout(() => reader.isKnown || socket.destroy(new Error("no answer")), KNOWN_WITHIN_MS2);
    const lines = new LineSplitter(
      (text2) => {
        if (socket.destroyed) return;
        try {
          const answer2 = reader.read(text2);
          if (answer2 !== void 0) socket.write(answer2);
        } catch (error) {
          socket.destroy(error);
        }
      },
      () => socket.destroy(new Error("a line that is too long"))
    );
    signal.addEventListener("abort", giveUp);
    socket.on("data", (chunk) => lines.push(chunk));
    socket.on("error", (error) => why = `no connection to ${place} (${error.message})`);
    socket.on("close", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      resolve(why);
    });
  });
}

// probe/standing.ts
var STANDS_MS = 3e3;
var TIMES = 3;
var Standing = class {
  faults = /* @__PURE__ */ new Map();
  /** Looks at the present obstacles of receivers; `rounds` counts how often the API server has told the pods' states. */
  look(situation, obstacles2, rounds) {
    const present = /* @__PURE__ */ new Map();
    let stands = false;
    for (const [receiver, { text: text2, certain, witnesses }] of obstacles2) {
      if (!certain) continue;
      const spoken = spokenSoFar(situation, receiver, rounds);
      const key = `${receiver.pod} ${text2}`;
      const since = this.faults.get(key) ?? { at: situation.now, spoken };
      present.set(key, since);
      stands ||= situation.now - since.at >= STANDS_MS && witnesses.every((witness) => spoken[witness] - since.spoken[witness] >= TIMES);
    }
    this.faults = present;
    return stands;
  }
};
function spokenSoFar({ config, observations }, { pod }, rounds) {
  return {
    state: rounds,
    sender: observations.lineCount(config.sender.pod),
    receiver: observations.lineCount(pod),
    counts: rounds
  };
}

// probe/watch.ts
var LOOK_MS = 500;
var LONGEST_LOOK_MS = 2 * LOOK_MS;
var MORE_LINES = 60;
async function watch(config, api, key) {
  const watcher = new Watcher(config, api, key);
  const stop = new AbortController();
  const following = watcher.follow(stop.signal);
  const roster = config.rosterPort === void 0 ? void 0 : (0, import_node_dgram5.createSocket)(`udp${groupFamily(config)}`);
  roster?.on("error", () => void 0);
  try {
    return await watcher.untilDecided(roster);
  } finally {
    stop.abort();
    roster?.close();
    await following;
  }
}
function groupFamily({ destinations }) {
  return familyOf(destinations.test.group);
}
var Watcher = class {
  constructor(config, api, key) {
    this.config = config;
    this.api = api;
    this.key = key;
    this.observations = new Observations(config);
    this.roster = new RosterWriter(key);
    this.states = new PodStates(
      api,
      this.pods,
      config.report.namespace,
      (pod) => this.faults.get(pod) ?? this.complaints.get(pod)
    );
  }
  config;
  api;
  key;
  observations;
  roster;
  states;
  /** What is wrong with the connections to probes outside the cluster. */
  complaints = /* @__PURE__ */ new Map();
  /** What ended probes outside the cluster, the last time. */
  faults = /* @__PURE__ */ new Map();
  /** Reads all pods' lines and states until `signal` aborts. */
  async follow(signal) {
    void this.states.follow(signal);
    await Promise.all(this.pods.map((checked) => this.followOne(checked, signal)));
  }
  get pods() {
    return [this.config.sender, ...this.config.receivers];
  }
  followOne({ pod, namespace, outlet }, signal) {
    const onLine = (text2, isNews) => {
      const line = parseLine(text2);
      if (!line || line.role === (pod === this.config.sender.pod ? "receiver" : "sender")) return;
      if (line.role === "fault") this.faults.set(pod, line.text);
      else {
        this.faults.delete(pod);
        this.observations.add(pod, line, { at: performance.now(), isNews });
      }
    };
    if (outlet)
      return followOutlet(outlet, this.key, onLine, (complaint) => this.complaints.set(pod, complaint), signal);
    const lines = this.config.windowSeconds + MORE_LINES;
    return followLog(
      this.api,
      { namespace: namespace ?? this.config.report.namespace, name: pod, lines },
      onLine,
      signal
    );
  }
  async untilDecided(roster) {
    const { config, observations } = this;
    const standing = new Standing();
    let waited = 0;
    for (let last = performance.now(); ; ) {
      const now = performance.now();
      waited += Math.min(now - last, LONGEST_LOOK_MS);
      last = now;
      const situation = { config, observations, podStates: this.states.latest, now };
      if (windowOf(situation) || waited >= config.deadlineSeconds * 1e3) return situation;
      if (roster) this.tell(roster, situation);
      if (standing.look(situation, obstacles(situation), this.states.rounds)) return situation;
      await pause(LOOK_MS, new AbortController().signal);
    }
  }
  /** Tells the sender the addresses that only the API knows. */
  tell(socket, situation) {
    const { sender, receivers, rosterPort } = this.config;
    const family = groupFamily(this.config);
    const to = situation.podStates.get(sender.pod)?.addresses?.find((address) => familyOf(address) === family);
    const run3 = this.observations.senderLine?.incarnation;
    if (to === void 0 || rosterPort === void 0 || run3 === void 0) return;
    const wanted = receivers.filter(({ unicast, proof }) => unicast !== void 0 || proof !== void 0);
    const addresses2 = wanted.flatMap((receiver) => addressOf2(situation, receiver) ?? []);
    socket.send(this.roster.next(run3, addresses2), rosterPort, to, () => void 0);
  }
};

// probe/verdict.ts
async function verdict(config, api, key) {
  if (config.switched) return judgeSwitched(config, config.switched, api, (each) => watched(each, api, key));
  return watched(config, api, key);
}
async function watched(config, api, key) {
  const startedAt = /* @__PURE__ */ new Date();
  const situation = await watch(config, api, key);
  return judge(situation, startedAt, api.retries);
}
function judge(situation, startedAt, transportRetries) {
  const { config } = situation;
  const window = windowOf(situation);
  const blocks = window ?? latestOf(situation);
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
  const met = `${passed} of ${config.receivers.length} expectations met for ${socketText(group, port)}`;
  if (complete) return `${met} over ${blocks.length} s`;
  const why = obstacles(situation)[0]?.[1].text ?? "not every receiver heard what it must for long enough";
  return `${met}, but there were no ${config.windowSeconds} s to judge within ${config.deadlineSeconds} s: ${why}`;
}

// probe/main.ts
async function run2(config, key) {
  switch (config.mode) {
    case "send":
      return send(config, key());
    case "receive":
      return receive(config, key());
    case "socat-listen":
      return socatListen(config);
    case "answer":
      return answer(config, key());
    case "verdict":
    case "socat-ask":
    case "service-ask":
    case "status-ask":
      return conclude(config, new KubeApi(inClusterAccess(process.env)), key);
  }
}
async function conclude(config, api, key) {
  const own = ownPod(process.env);
  const report = signed(await judge2(config, api, key), own);
  process.stdout.write(`${JSON.stringify(report)}
${report.summary}
`);
  await publish(api, config.report, own, report);
  return report.verdict === "passed" ? 0 : 1;
}
function judge2(config, api, key) {
  switch (config.mode) {
    case "verdict":
      return verdict(config, api, key());
    case "socat-ask":
      return socatAsk(config, api, key());
    case "service-ask":
      return serviceAsk(config, api, key());
    case "status-ask":
      return statusAsk(config, api);
  }
}
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(130));
var [file, keyFile] = process.argv.slice(2);
function deploymentKey() {
  if (keyFile === void 0) throw new Error("the probe needs the file of the deployment's key as its second argument");
  return DeploymentKey.read(keyFile);
}
if (file === void 0) {
  process.stderr.write("usage: node probe.cjs CONFIG.json [KEYFILE]\n");
  process.exit(2);
}
run2(JSON.parse((0, import_node_fs7.readFileSync)(file, "utf8")), deploymentKey).then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${visibleLines(errorText(error))}
`);
    process.exit(3);
  }
);
process.on("beforeExit", () => {
  process.stderr.write("the probe ended before its work was done\n");
  process.exit(3);
});
function errorText(error) {
  if (error instanceof PortError || !(error instanceof Error))
    return String(error instanceof Error ? error.message : error);
  return error.stack ?? error.message;
}
