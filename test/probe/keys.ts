import { DeploymentKey } from "../../probe/deployment-key";

/** The keys of two deployments. */
export const KEY_TEXTS = ["3c0b2c52-4b0e-7e4d-6a2e-2f6f2f3d0001", "9d1f7a10-9a44-17c3-0c55-7a1b2c3d0002"] as const;
export const [key, otherKey] = KEY_TEXTS.map((text) => new DeploymentKey(text)) as [DeploymentKey, DeploymentKey];
