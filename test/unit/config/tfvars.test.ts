import { describe, expect, it, test } from "@jest/globals";
import type { SyntaxProblems } from "../../../src/config/problems";
import { parseTfvars } from "../../../src/config/syntax/tfvars";
import { read, tfvars } from "../../support/input";

const body = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU";
const privateKey = `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----`;

async function valuesOf(text: string, name = "tofu.tfvars") {
  return (await parseTfvars(name, text)).values;
}

async function syntaxProblems(text: string, name = "tofu.tfvars") {
  const refused = await parseTfvars(name, text).then(
    () => undefined,
    (error: unknown) => error as SyntaxProblems,
  );
  return refused?.problems;
}

describe("the values of a tfvars file", () => {
  test("are those that tofu would read", async () => {
    expect(
      await valuesOf('a = "x"\nb = [1, true, null]\nc = { d = -2, "e-f" = <<-T\n  long\n  T\n}\n'),
    ).toMatchObject({ a: "x", b: [1, true, null], c: { "e-f": "long\n" } });
  });

  test("keep an escaped template as a literal string", async () => {
    expect(await valuesOf('a = "$${b} %%{c} $5 100%"')).toEqual({ a: "${b} %{c} $5 100%" });
  });

  test("are read literally from JSON", async () => {
    const json = String.raw`{"a": "\/ ${"${b}"}", "c": [1]}`;
    expect(await valuesOf(json, "tofu.tfvars.json")).toEqual({ a: "/ ${b}", c: [1] });
  });

  test("have no hidden byte-order mark before them, and any line ending", async () => {
    expect(await read(`\uFEFF${tfvars().replaceAll("\n", "\r\n")}`)).toBe("");
  });
});

describe("the location of a value", () => {
  it.each([
    ["tofu.tfvars", '\na = {\n  b = ["x",\n    "y"]\n}\n', 4],
    ["tofu.tfvars.json", '{\n"a": {\n"b": ["x",\n"y"]\n}}', 4],
  ])("is its line in %s", async (name, text, line) => {
    const { places } = await parseTfvars(name, text);
    expect(places).toContainEqual({ path: ["a", "b", 1], where: `${name}:${line}` });
    expect(places).toContainEqual({ path: ["a"], where: `${name}:2` });
  });
});

describe("an expression", () => {
  it.each([
    ["a reference", "var.name", "Without quotes this is a reference"],
    ["a reference inside a text", '"x-${var.name}"', "A ${…} in a string is a reference"],
    ["a text that is nothing but a template", '"${var.name}"', "A ${…} in a string"],
    ["a directive", '"%{ if true }x%{ endif }"', "A ${…} in a string is a reference"],
    ["a call", 'file("key.pub")', "A call, and only plain values belong here"],
    ["a sum", "1 + 2", "Only plain values belong here: no references, calls or sums."],
    ["a negated reference", "-size", "Only plain values belong here"],
    ["a condition", 'true ? "a" : "b"', "Only plain values belong here"],
  ])("is refused: %s", async (_kind, expression, text) => {
    const words = await read(tfvars(`cluster_name = ${expression}`));
    expect(words).toContain(`  tofu.tfvars:8  cluster_name\n      ${text}`);
  });

  test("is reported by its location inside a list", async () => {
    const { expressions } = await parseTfvars("tofu.tfvars", 'admin_ip = ["203.0.113.7", my.ip]');
    expect(expressions).toMatchObject([{ path: ["admin_ip", 1] }]);
  });

  test("is not a negative number, an escape or a heredoc", async () => {
    const { expressions } = await parseTfvars("f", 'a = -5\nb = "$${c}"\nd = <<T\nx\nT\n');
    expect(expressions).toEqual([]);
  });
});

describe("a string that is no tfvars file", () => {
  test("is refused with every mistake, each with line and column", async () => {
    expect(await syntaxProblems("a = 1 b\nc\n")).toMatchObject([
      {
        source: "tofu.tfvars:1:7",
        summary: expect.stringMatching(/^One value to a line: /),
      },
      {
        source: "tofu.tfvars:2:1",
        summary: "A line must read name = value.",
      },
    ]);
  });

  test("is refused where it has a block", async () => {
    expect(await syntaxProblems('a = 1\n\nterraform {\n  b = "c"\n}\n')).toEqual([
      {
        severity: "error",
        source: "tofu.tfvars:3",
        summary: "Only lines of the form name = value belong here, no blocks.",
      },
    ]);
  });

  test("is refused where a variable is set twice", async () => {
    expect(await read(tfvars('admin_ip = "198.51.100.1"'))).toMatch(
      /tofu\.tfvars:8:1\n.*Set already, in line 1/,
    );
  });

  test("is refused as JSON that is not one object", async () => {
    expect(await syntaxProblems("[1]", "tofu.tfvars.json")).toEqual([
      {
        severity: "error",
        source: "tofu.tfvars.json",
        summary: 'The file is one object: { "cluster_name": "…", … }.',
      },
    ]);
  });

  test("is refused as JSON with what is wrong in it", async () => {
    expect(await syntaxProblems('{"a": 1,}', "tofu.tfvars.json")).toMatchObject([
      {
        source: "tofu.tfvars.json:1:9",
        summary: "Nothing follows the comma before it: remove that comma.",
      },
    ]);
  });
});

describe("a private key never appears in a message", () => {
  it.each([
    ["in a text that is not closed", `bastion_ssh_keys = { scaleway = "${privateKey}" }`],
    ["without quotes", `bastion_ssh_keys = { scaleway = ${privateKey} }`],
    ["as the body alone, without quotes", `bastion_ssh_keys = { scaleway = ${body} }`],
    ["as the body alone", `bastion_ssh_keys = { scaleway = "${body}" }`],
    ["beside blocks", `key = <<T\n${privateKey}\nT\nfoo {\n}\n`],
    ["in a heredoc", `bastion_ssh_keys = { scaleway = <<T\n${privateKey}\nT\n}`],
    ["in a list", `bastion_ssh_keys = { scaleway = [<<T\n${privateKey}\nT\n] }`],
    ["in the wrong form", `bastion_ssh_keys = <<T\n${privateKey}\nT\n`],
    ["in a variable that does not exist", `ssh_key = <<T\n${privateKey}\nT\n`],
    ["in another variable", `admin_ip = <<T\n${privateKey}\nT\n`],
  ])("%s", async (_where, text) => {
    const words = await read(text);
    expect(words).toContain("nothing was written");
    for (const piece of [body.slice(0, 8), body.slice(-8)]) expect(words).not.toContain(piece);
  });

  it.each([
    ["unquoted", `{"bastion_ssh_keys": {"scaleway": ${body}}}`],
    ["with line breaks", `{"bastion_ssh_keys": {"scaleway": "${privateKey}"}}`],
    ["after the end", `{} ${body}`],
    ["followed by a stray comma", `{"bastion_ssh_keys": {"scaleway": "${body}",}}`],
  ])("in JSON, %s", async (_where, text) => {
    const words = await read(text, { name: "tofu.tfvars.json" });
    expect(words).toContain("nothing was written");
    expect(words).not.toContain(body.slice(0, 8));
  });
});

test("JSON is parsed in seconds where a string would be a sum of thousands of numbers in HCL", async () => {
  const start = performance.now();
  const sum = "${1" + "+1".repeat(3000) + "}";
  expect(await valuesOf(JSON.stringify({ a: sum }), "tofu.tfvars.json")).toEqual({ a: sum });
  expect(performance.now() - start).toBeLessThan(10_000); // it was a minute
});
