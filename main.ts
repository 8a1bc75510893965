import { App } from "./constructs/private/terraform";
import { embeddedLab } from "./stacks/embedded-lab";
import { readInventory } from "./stacks/lab-inventory";

const app = new App();
embeddedLab(app, readInventory(process.env.LAB_INVENTORY));
app.synth();
