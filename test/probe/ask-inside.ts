import type { ServiceAskConfig, SocatAskConfig } from "../../probe/config";
import { DeploymentKey } from "../../probe/deployment-key";
import { KubeApi } from "../../probe/kube-api";
import { serviceAsk } from "../../probe/service-ask";
import { socatAsk } from "../../probe/socat";
import { ApiServer } from "./api-server";
import { KEY_TEXTS } from "./keys";

/**
 * Runs in a pod's namespace: asks by socat, or Services, with an API server on the namespace's own loopback, and prints the report.
 */
async function main(config: SocatAskConfig | ServiceAskConfig): Promise<void> {
  const server = new ApiServer({
    pod: () => ({ spec: { nodeName: "b" }, status: { phase: "Running" } }),
    follow: () => () => undefined,
  });
  const api = new KubeApi(await server.listen());
  const key = new DeploymentKey(process.argv[3] ?? KEY_TEXTS[0]);
  const report = config.mode === "socat-ask" ? await socatAsk(config, api, key) : await serviceAsk(config, api, key);
  await server.close();
  process.stdout.write(JSON.stringify(report));
}

void main(JSON.parse(process.argv[2] ?? "") as SocatAskConfig | ServiceAskConfig);
