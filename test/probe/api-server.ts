import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { ApiAccess } from "../../probe/kube-api";

/** Where the pods and their logs come from. */
export interface PodSource {
  /** The Pod object, or nothing. */
  readonly pod: (name: string) => object | undefined;
  /** Hands over a pod's lines until the returned function is called. */
  readonly follow: (name: string, onLine: (line: string) => void) => () => void;
}

/** The requests of the Kubernetes API that a verdict makes, over TLS, with a bearer token. */
export class ApiServer {
  public readonly events: { readonly message: string; readonly type: string; readonly involvedObject: object }[] = [];
  public readonly configMap: Record<string, string> = {};
  /** Connections to be cut off before an answer, to see them made again. */
  public cutOff = 0;
  private readonly directory = mkdtempSync(path.join(tmpdir(), "vft-api-"));
  private readonly token = "token-of-the-verdict";
  private readonly server: Server;

  public constructor(private readonly source: PodSource) {
    const [key, cert] = ["key.pem", "cert.pem"].map((name) => path.join(this.directory, name)) as [string, string];
    const subject = ["-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"];
    const request = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "1",
    ];
    execFileSync("openssl", [...request, "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
    this.server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request_, response) => {
      void this.answer(request_, response);
    });
  }

  public async listen(): Promise<ApiAccess> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const { port } = this.server.address() as AddressInfo;
    const ca = readFileSync(path.join(this.directory, "cert.pem"), "utf8");
    return { host: "127.0.0.1", port, ca, token: () => this.token };
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.directory, { recursive: true });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.cutOff > 0) {
      this.cutOff -= 1;
      request.destroy();
      return;
    }
    if (request.headers.authorization !== `Bearer ${this.token}`) return end(response, 401, {});
    const [, pod, query] = /^\/api\/v1\/namespaces\/media\/pods\/([^/?]+)(?:\/(log.*))?/.exec(request.url ?? "") ?? [];
    if (pod !== undefined) return this.answerPod(pod, query, response);
    // A test's Services are all behind its own loopback.
    if (/\/services\/[^/]+$/.test(request.url ?? "")) return end(response, 200, { spec: { clusterIP: "127.0.0.1" } });
    const body = JSON.parse(await text(request)) as { data?: Record<string, string> };
    if (request.method === "PATCH" && request.url === "/api/v1/namespaces/media/configmaps/plane-report")
      Object.assign(this.configMap, body.data);
    else if (request.method === "POST" && request.url === "/api/v1/namespaces/media/events")
      this.events.push(body as ApiServer["events"][number]);
    else return end(response, 404, {});
    return end(response, 200, {});
  }

  private answerPod(name: string, query: string | undefined, response: ServerResponse): void {
    const pod = this.source.pod(name);
    if (!pod) return end(response, 404, {});
    if (query === undefined) return end(response, 200, pod);
    response.writeHead(200);
    const stop = this.source.follow(name, (line) => response.writable && response.write(line + "\n"));
    if (query.includes("follow=true")) response.on("close", stop);
    else {
      stop();
      response.end();
    }
  }
}

function end(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status).end(JSON.stringify(body));
}

async function text(request: IncomingMessage): Promise<string> {
  let all = "";
  for await (const chunk of request) all += String(chunk);
  return all;
}
