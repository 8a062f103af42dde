import { z } from "zod";
import { cloudNames } from "../../../constructs/model/cluster-spec";
import { notBoolean, notList, notText, notWholeNumber } from "./wrong-type";

export const text = z.string({ error: ({ input }) => notText(input) });

export const version = (example: string) =>
  z.string({ error: `A full version in quotes, such as "${example}".` });

export const boolean = z.boolean({ error: ({ input }) => notBoolean(input) });

export const wholeNumber = z.int({ error: ({ input }) => notWholeNumber(input) });

export const count = (allowed: string) =>
  wholeNumber.min(0, { error: `Negative. Allowed: ${allowed}.` });

export const textOrList = z.union(
  [text, z.array(text).min(1, { error: "An empty list. At least one belongs here." })],
  {
    error: 'Expected a quoted string, or a list of them: ["…", "…"].',
  },
);

/** A list, which may be empty. */
export const texts = z.array(text, { error: ({ input }) => notList(input) });

/** Control and format characters, and lone surrogates: they are invisible, and some control a terminal. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A string whose form only the cloud defines. */
export const settingText = text.refine((value) => !invisible.test(value), {
  error: "It holds a character that cannot be seen, such as a control character.",
});

/** A name that only the cloud can check. */
export const settingName = settingText.min(1, {
  error: "Empty. Give it a value, or remove the line.",
});

export const settingList = z
  .array(settingText, { error: ({ input }) => notList(input) })
  .min(1, { error: "At least one zone, or no such line." });

/** Strings by their names, which are checked elsewhere. */
export const textByName = (setting: string) =>
  z.record(z.string(), text, { error: `An object of strings: ${setting} = { "…" = "…" }.` });

/** The same by role, pool or node. */
export const textsByTarget = (variable: string) =>
  z.record(
    z.string(),
    z.record(z.string(), text, { error: 'An object of strings: { "…" = "…" }.' }),
    { error: `An object by role, pool or node: ${variable} = { workers = { "…" = "…" } }.` },
  );

export const byCloud = <T extends z.ZodType>(value: T, error: string) =>
  z.partialRecord(z.enum(cloudNames), value, { error });
