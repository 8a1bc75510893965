/** Prints which Terraform and providers are at hand without building or fetching anything; a program of its own because jest decides on skips synchronously. */
import { artifactSettings, findOffers, type Artifacts } from "../../embedded/artifacts";

const NEEDED = ["terraform", "provider-kubernetes", "provider-helm"] as const satisfies readonly (keyof Artifacts)[];

async function main(): Promise<void> {
  const offers = await findOffers({ ...artifactSettings(), online: false });
  const missing = NEEDED.filter((name) => !offers[name].ready);
  if (missing.length > 0) return void console.log(JSON.stringify({ missing, real: [] }));
  const paths = await Promise.all(
    NEEDED.map(async (name) => [name, (await offers[name].make(() => {})).path] as const),
  );
  const real = NEEDED.filter((name) => offers[name].kind === "real");
  console.log(JSON.stringify({ missing, real, paths: Object.fromEntries(paths) }));
}

void main();
