import type { Block } from "../../helpers/synth";

/** Resource blocks of a stack, by type and name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** Addresses of the pods, and of the workloads whose pods, a plan makes anew when `after` is applied on what `before` has made. */
export function madeAnew(before: Blocks, after: Blocks): string[] {
  const [old, next] = [byAddress(before), byAddress(after)];
  const changed = new Set([...next].flatMap(([address, block]) => (same(old.get(address), block) ? [] : [address])));
  const follows = followedBy(next);
  return podsOf(next).filter((address) => follows(address).some((each) => changed.has(each)));
}

/** Addresses of pods and workloads with something that they wait for, and whose change does not make their pods anew. */
export function podsWithoutRevision(blocks: Blocks): string[] {
  const all = byAddress(blocks);
  const [waitsFor, follows] = [reach(all, (block) => block), followedBy(all)];
  return podsOf(all).filter((address) => waitsFor(address).some((each) => !follows(address).includes(each)));
}

function podsOf(all: ReadonlyMap<string, Block>): string[] {
  return [...all.keys()].filter((address) => /^kubernetes_(pod|deployment)_v1\./.test(address));
}

/** All whose change makes a resource another: it refers to it by the value of an argument, or by `replace_triggered_by`. */
function followedBy(all: ReadonlyMap<string, Block>): (address: string) => string[] {
  return reach(all, ({ depends_on: _, ...block }) => block);
}

/** The resource itself, and all whose addresses stand in the part of its block, and in that of those. */
function reach(all: ReadonlyMap<string, Block>, part: (block: Block) => Block): (address: string) => string[] {
  const direct = new Map(
    [...all].map(([address, block]) => {
      const words = JSON.stringify({ ...part(block), "//": undefined }).match(/[a-z]\w*\.[\w-]+/g) ?? [];
      return [address, new Set(words.filter((word) => all.has(word)))];
    }),
  );
  return (start) => {
    const found = new Set([start]);
    for (const address of found) direct.get(address)?.forEach((each) => found.add(each));
    return [...found];
  };
}

function byAddress(blocks: Blocks): Map<string, Block> {
  const entries = Object.entries(blocks).flatMap(([type, named]) =>
    Object.entries(named).map(([name, block]): [string, Block] => [`${type}.${name}`, block]),
  );
  return new Map(entries);
}

/** Whether Terraform finds nothing to do: what only steers it aside. */
function same(old: Block | undefined, next: Block): boolean {
  const declared = (block: Block | undefined) =>
    block && JSON.stringify({ ...block, lifecycle: undefined, depends_on: undefined, "//": undefined });
  return declared(old) === declared(next);
}
