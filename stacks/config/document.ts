import { Composer, isAlias, isMap, isScalar, isSeq, LineCounter, type Document, type Pair } from "yaml";
import { ConfigError, type ConfigFault, type ConfigPath } from "./faults";
import { shallowTokens, syntaxFaults } from "./syntax";

/** How often aliases may repeat what they stand for: enough for a lab, too little for a bomb. */
const MOST_ALIASES = 100;

/** A YAML 1.2 document, which JSON is too: its value, and where in the file each part of it is written. */
export class ConfigDocument {
  /** The document as plain data. */
  public readonly value: unknown;
  private readonly document: Document;
  private readonly lines = new LineCounter();

  /** @throws ConfigError with everything that is wrong with the syntax. */
  public constructor(
    public readonly file: string,
    text: string,
  ) {
    // Merge keys (<<) let hosts share what they have in common.
    const tokens = shallowTokens(text, this.lines.addNewLine);
    if (!tokens) throw this.error([{ message: "is nested too deeply" }]);
    const documents = [...new Composer({ merge: true }).compose(tokens)];
    const faults = syntaxFaults(documents, (offset) => this.at(offset));
    const [document] = documents;
    if (faults.length > 0 || !document) throw this.error(faults);
    this.document = document;
    this.value = this.plain();
  }

  /** A refusal of this file. */
  public error(faults: readonly ConfigFault[]): ConfigError {
    return new ConfigError(this.file, faults);
  }

  /** Where the value at a path is written; where nothing is, the closest part of the path. */
  public positionOf(path: ConfigPath): ConfigFault["position"] {
    let found: unknown = this.document.contents;
    for (const part of path) {
      const next = this.child(found, part);
      if (next === undefined || next === null) break;
      found = next;
    }
    return this.at(offsetOf(found));
  }

  /** Where a key is written. */
  public positionOfKey(path: ConfigPath, key: string): ConfigFault["position"] {
    return this.at(offsetOf(this.pair(this.node(path), key)?.key));
  }

  /** The value at a path as it is written, where it is one word or text. */
  public sourceOf(path: ConfigPath): string | undefined {
    const node = this.node(path);
    return isScalar(node) ? node.source : undefined;
  }

  private node(path: ConfigPath): unknown {
    return path.reduce<unknown>((node, part) => this.child(node, part), this.document.contents);
  }

  private child(node: unknown, part: string | number): unknown {
    const parent = this.resolved(node);
    if (isSeq(parent)) return parent.items[Number(part)];
    return this.pair(parent, String(part))?.value;
  }

  private pair(node: unknown, key: string): Pair | undefined {
    const parent = this.resolved(node);
    if (!isMap(parent)) return undefined;
    const own = parent.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
    if (own) return own;
    const merge = parent.items.find((pair) => isScalar(pair.key) && typeof pair.key.value === "symbol")?.value;
    const sources = isSeq(merge) ? merge.items : [merge];
    return sources.map((source) => this.pair(source, key)).find((pair) => pair !== undefined);
  }

  private resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.document) : node;
  }

  private at(offset: number | undefined): ConfigFault["position"] {
    return offset === undefined ? undefined : this.lines.linePos(offset);
  }

  private plain(): unknown {
    try {
      return this.document.toJS({ maxAliasCount: MOST_ALIASES });
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      throw this.error([{ message: "its aliases (*name) repeat too much; write out what they stand for" }]);
    }
  }
}

function offsetOf(node: unknown): number | undefined {
  return (node as { range?: readonly [number, number, number] | null } | undefined)?.range?.[0];
}
