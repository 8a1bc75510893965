import { readFileSync } from "node:fs";
import { request, type RequestOptions } from "node:https";
import type { IncomingMessage } from "node:http";

/** Where the API server is and how a pod shows who it is. */
export interface ApiAccess {
  readonly host: string;
  readonly port: number;
  /** PEM of the certificate authority. */
  readonly ca: string;
  /** Bearer token; read anew for each request, since the kubelet renews it. */
  readonly token: () => string;
}

/** Access of a pod with a service account (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/). */
export function inClusterAccess(environment: NodeJS.ProcessEnv): ApiAccess {
  const directory = "/var/run/secrets/kubernetes.io/serviceaccount";
  return {
    host: environment.KUBERNETES_SERVICE_HOST ?? "kubernetes.default.svc",
    port: Number(environment.KUBERNETES_SERVICE_PORT_HTTPS ?? 443),
    ca: readFileSync(`${directory}/ca.crt`, "utf8"),
    token: () => readFileSync(`${directory}/token`, "utf8").trim(),
  };
}

/** The API server's refusal. */
export class ApiError extends Error {
  public constructor(
    public readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

const REQUEST_TIMEOUT_MS = 5000;
const RETRY_PAUSE_MS = 500;
/** An API server that starts anew is away for some seconds; one that is slow to start, for a minute. */
const AWAY_MS = 60_000;
/** Permissions take a moment to reach the API server's authorizer. */
const REFUSED_MS = 3000;

/** For how long an error may pass by itself. */
function passesWithin(error: unknown): number {
  if (!(error instanceof ApiError) || error.status >= 500 || error.status === 429) return AWAY_MS;
  return error.status === 401 || error.status === 403 ? REFUSED_MS : 0;
}

/** The few requests that the verdict makes. */
export class KubeApi {
  /** Requests that had to be made again. */
  public retries = 0;

  public constructor(private readonly access: ApiAccess) {}

  /** A JSON request; a lost connection and an overloaded server are tried again, a refusal is not. */
  public async json(method: string, path: string, body?: unknown): Promise<unknown> {
    const startedAt = performance.now();
    for (;;) {
      try {
        return JSON.parse(await this.text(method, path, body));
      } catch (error) {
        if (performance.now() - startedAt >= passesWithin(error)) throw error;
        this.retries += 1;
        await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
      }
    }
  }

  /** Opens a response as a stream. */
  public async open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const response = await this.send({ method: "GET", path, signal });
    if (response.statusCode === 200) return response;
    throw new ApiError(response.statusCode ?? 0, await readAll(response));
  }

  private async text(method: string, path: string, body?: unknown): Promise<string> {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const headers = body === undefined ? {} : { "content-type": type };
    const response = await this.send({ method, path, headers, timeout: REQUEST_TIMEOUT_MS }, JSON.stringify(body));
    const answer = await readAll(response);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw new ApiError(status, `${method} ${path}: ${status} ${answer}`);
    return answer;
  }

  private send(options: RequestOptions, body?: string): Promise<IncomingMessage> {
    const { host, port, ca, token } = this.access;
    const headers = { ...options.headers, authorization: `Bearer ${token()}` };
    return new Promise((resolve, reject) => {
      const sent = request({ ...options, host, port, ca, headers }, resolve);
      sent.on("error", reject);
      sent.on("timeout", () => sent.destroy(new Error(`no answer from ${host}:${port} for ${REQUEST_TIMEOUT_MS} ms`)));
      sent.end(body);
    });
  }
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
