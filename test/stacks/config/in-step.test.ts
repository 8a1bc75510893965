/** That schemas and props cannot drift apart: the type checker refuses what is marked here, and would refuse it unmarked. */
import { z } from "zod";
import { objectOf } from "../../../stacks/config/plain";

interface Props {
  readonly needed: string;
  readonly words?: readonly ("x" | "y")[];
  readonly way?: { readonly one?: number } | { readonly other: string };
}

const needed = z.string();
const words = z.array(z.enum(["x", "y"])).optional();
const way = z.union([z.strictObject({ one: z.int().optional() }), z.strictObject({ other: z.string() })]).optional();

const refused = [
  // @ts-expect-error a key is missing
  objectOf<Props>("Props")({ needed, words }),
  // @ts-expect-error there is one key more
  objectOf<Props>("Props")({ needed, words, way, more: z.string().optional() }),
  // @ts-expect-error a word that the props allow is refused
  objectOf<Props>("Props")({ needed, way, words: z.array(z.enum(["x"])).optional() }),
  // @ts-expect-error words are allowed that the props refuse
  objectOf<Props>("Props")({ needed, way, words: z.array(z.string()).optional() }),
  // @ts-expect-error one of two ways is refused
  objectOf<Props>("Props")({ needed, words, way: z.strictObject({ other: z.string() }).optional() }),
  // @ts-expect-error what may be left out must be there
  objectOf<Props>("Props")({ needed, way, words: words.unwrap() }),
  // @ts-expect-error what must be there may be left out
  objectOf<Props>("Props")({ needed: needed.optional(), words, way }),
];

test("each of the wrong schemas is there to be refused", () => {
  expect(refused).toHaveLength(7);
});

test("a schema in step with its props reads what they hold", () => {
  const value: Props = { needed: "a", words: ["x", "y"], way: { one: 1 } };
  expect(objectOf<Props>("Props")({ needed, words, way }).parse(value)).toEqual(value);
});
