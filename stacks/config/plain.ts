import { z } from "zod";
import type { SshHost, SshHostOptions } from "../../constructs/cluster/ssh-host";

/** A host as a configuration file names it: the address beside what {@link SshHost.of} takes. */
export interface SshHostEntry extends SshHostOptions {
  /** IP address or DNS name, from the machine that runs Terraform and from the other hosts. */
  readonly address: string;
}

/** What a value of the library's props is in a configuration file, which holds plain data only. */
export type Plain<T> = T extends SshHost
  ? SshHostEntry
  : T extends object
    ? { readonly [Key in keyof T]: Plain<T[Key]> }
    : T;

/** A schema for each member of `T`, optional where the member is. */
type ShapeOf<T> = {
  readonly [Key in keyof T]-?: undefined extends T[Key]
    ? z.ZodOptional<z.ZodType<Plain<Exclude<T[Key], undefined>>>>
    : z.ZodType<Plain<T[Key]>>;
};

/** `T` without `readonly`, which schemas do not write and assignments of lists mind. */
type Writable<T> = T extends object ? { -readonly [Key in keyof T]: Writable<T[Key]> } : T;

/** Nothing where `Shape` takes every value that `T` has, and has no key that `T` lacks; a text that is no schema where not. */
type TakesAllOf<T, Shape extends z.core.$ZodLooseShape> = {
  readonly [Key in keyof Shape]: Key extends keyof T
    ? Writable<Plain<Exclude<T[Key], undefined>>> extends Writable<Exclude<z.output<Shape[Key]>, undefined>>
      ? unknown
      : "refuses values that the props allow"
    : "the props have no such key";
};

/**
 * Ties a schema to the props that its values become: the compiler refuses a schema that lacks a key of the props, has one more,
 * or allows more or less than they do.
 *
 * @param props name of the interface whose docstrings say what the keys mean, for the published schema.
 */
export function objectOf<T>(props: string) {
  return <const Shape extends ShapeOf<T> & z.core.$ZodLooseShape>(shape: Shape & TakesAllOf<T, Shape>) =>
    z.strictObject(shape as Shape).meta({ props });
}
