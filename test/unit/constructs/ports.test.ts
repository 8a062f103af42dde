import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import * as ports from "../../../constructs/model/ports";
import { tunnelPort } from "../../../src/config/schema/tunnel-port";

const root = join(__dirname, "..", "..", "..");
const known: readonly number[] = Object.values(ports);
const home = join("constructs", "model", "ports.ts");
const sources = ["constructs", "providers", "src"].flatMap((directory) =>
  readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(directory, name)),
);

/** The numbers in a file's code, and those behind a colon in its strings; comments may contain them. */
function numbersIn(file: string): number[] {
  const text = readFileSync(join(root, file), "utf8");
  // Parsing all of them would take seconds.
  if (!known.some((port) => text.replaceAll("_", "").includes(String(port)))) return [];
  const found: number[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isNumericLiteral(node)) found.push(Number(node.text));
    if (ts.isStringLiteralLike(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      const behindColon = [...node.text.matchAll(/:(\d{2,5})(?![\d:])/g)].map(([, port]) => port);
      // "6443" and "2379-2380" are ports as well.
      const alone = /^\d{2,5}(-\d{2,5})?$/.test(node.text) ? node.text.split("-") : [];
      found.push(...[...behindColon, ...alone].map(Number));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return found;
}

test("every port of a cluster is written in one file alone", () => {
  const elsewhere = sources
    .filter((file) => file !== home)
    .flatMap((file) =>
      numbersIn(file)
        .filter((number) => known.includes(number))
        .map((number) => `${file}: ${number}`),
    );
  expect(elsewhere).toEqual([
    "src/config/checks/network.ts: 22", // a prefix length
    "src/config/schema/shape.ts: 50000", // entries of a value
  ]);
});

test("the tunnel's script names the local port only where it is not the usual one", () => {
  const script = readFileSync(join(root, "constructs", "tunnel", "tunnel.sh"), "utf8");
  expect(script).toContain(`[ "$TUNNEL_PORT" = ${tunnelPort.default} ] || port=`);
});
