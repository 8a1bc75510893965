import { parseAllDocuments, stringify } from "yaml";
import { goYaml } from "../../../constructs/private/carried-text";

/** Texts that a reader of YAML 1.1, or Go's, takes for something else when they are plain. */
const texts = [
  "no",
  "on",
  "Off",
  "y",
  "N",
  "0b1",
  "0o7",
  "0B1",
  "0x1F",
  "017",
  "1_000",
  "12:30",
  "1e3",
  "~",
  "null",
  ".inf",
  "=",
  "2026-01-01",
  "true",
];

test.each(texts)("%s reaches a reader of YAML 1.1 as text, as a value and as a key", (text) => {
  const written = goYaml({ "node-name": text, list: [text], [text]: "value" });
  const plain = written
    .split("\n")
    .flatMap((line) => line.split(/: |- /))
    .map((word) => word.trim().replace(/:$/, ""));
  expect(plain).not.toContain(text);
  const [read] = parseAllDocuments(written, { version: "1.1" });
  expect((read as { toJS(): unknown }).toJS()).toEqual({ "node-name": text, list: [text], [text]: "value" });
});

test("what nobody takes for more than text is written as it always was, so that no K3s is restarted for it", () => {
  const config = {
    "node-name": "server-1",
    "node-ip": "192.0.2.11,2001:db8::1",
    "kubelet-arg": ["max-pods=50", "v=2"],
    "write-kubeconfig-mode": "0600",
    "flannel-backend": "none",
    "disable-kube-proxy": true,
    "node-label": ["example.com/rack=b"],
    nested: { list: [{ a: 1 }, []], long: "word ".repeat(60) },
  };
  expect(goYaml(config)).toBe(stringify(config, { lineWidth: 0 }));
});
