import type { SocatAskConfig } from "../../probe/config";
import { KubeApi } from "../../probe/kube-api";
import { socatAsk } from "../../probe/socat";
import { ApiServer } from "./api-server";

/** Runs in a pod's namespace: asks by socat, with an API server on the namespace's own loopback, and prints the report. */
async function main(config: SocatAskConfig): Promise<void> {
  const server = new ApiServer({
    pod: () => ({ spec: { nodeName: "b" }, status: { phase: "Running" } }),
    follow: () => () => undefined,
  });
  const report = await socatAsk(config, new KubeApi(await server.listen()));
  await server.close();
  process.stdout.write(JSON.stringify(report));
}

void main(JSON.parse(process.argv[2] ?? "") as SocatAskConfig);
