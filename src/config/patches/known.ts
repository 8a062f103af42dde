import { nearest } from "../../../constructs/model/suggestion";
import { newestContractMinor } from "../../../constructs/model/talos-contract";
import type { Finding, Mapping, PatchDocument, Single, Value } from "./documents";
import { type Form, mainKind, minorsWith, TalosKeys } from "./keys";
import { pathText } from "./path-text";

/**
 * What Talos refuses in a patch because it does not know it, or knows it with a value of another
 * form: the nodes, or the provider, which reads every patch and prints the result.
 * @param minor The Talos minor of the nodes
 */
export function unknownIn(documents: readonly PatchDocument[], minor: number): Finding[] {
  const seen = new Map<string, number>();
  return documents.flatMap((document) => {
    const id = `${document.kind} ${document.name ?? ""}`;
    const first = seen.get(id);
    seen.set(id, document.line);
    if (first !== undefined) {
      const text = `A second document of the same kind and name; the first is in line ${first}. Put both into one.`;
      return [{ line: document.line, text }];
    }
    const ofNodes = new Checker(new TalosKeys(minor), minor).document(document);
    return ofNodes.length > 0
      ? ofNodes
      : new Checker(new TalosKeys(newestContractMinor), minor).document(document);
  });
}

class Checker {
  private readonly findings: Finding[] = [];

  constructor(
    private readonly keys: TalosKeys,
    private readonly minor: number,
  ) {}

  document({ kind, apiVersion, name, line, content }: PatchDocument): Finding[] {
    const structure = this.keys.structureOf(kind);
    const lineOf = (key: string) =>
      content.entries.find((entry) => entry.key === key)?.line ?? line;
    if (kind === mainKind) this.mapping(content, structure ?? "", []);
    else if (structure === undefined) this.add(lineOf("kind"), this.unknownKind(kind));
    else if (apiVersion !== "v1alpha1") {
      this.add(lineOf("apiVersion"), `apiVersion: v1alpha1 belongs to kind: ${kind}.`);
    } else {
      const isNamed = this.keys.keys(structure).includes("name");
      if (isNamed && (name === undefined || name === "")) {
        this.add(line, `name is missing: there may be several of kind ${kind}.`);
      }
      this.mapping(content, structure, []);
    }
    return this.findings;
  }

  private add(line: number, text: string): void {
    this.findings.push({ line, text });
  }

  private mapping(mapping: Mapping, structure: string, path: readonly string[]): void {
    const isDocument = path.length === 0;
    for (const { key, line, value } of mapping.entries) {
      const form = this.keys.formOf(structure, key);
      if (isDocument && ["apiVersion", "kind"].includes(key)) continue;
      if (form === undefined) this.add(line, this.unknownKey(structure, key, path));
      else this.value(value, form, [...path, key]);
    }
  }

  private value(value: Value, form: Form, path: readonly string[]): void {
    if (form.is === "anything" || (value.is === "single" && value.value === null)) return;
    if (value.is === "mapping" && value.isDeletion) return;
    const expected = expectation(value, form);
    if (expected !== undefined) {
      this.add(value.line, `${pathText(path)}: expected ${expected}.`);
    } else if (value.is === "list" && form.is === "list") {
      value.items.forEach((item, index) => {
        this.value(item, form.of, [...path, `[${index}]`]);
      });
    } else if (value.is === "mapping" && form.is === "map") {
      for (const { key, value: item } of value.entries) this.value(item, form.of, [...path, key]);
    } else if (value.is === "mapping" && form.is === "structure") {
      this.mapping(value, form.name, path);
    }
  }

  private unknownKind(kind: string): string {
    const found = minorsWith(undefined, kind);
    if (found === undefined) {
      return `There is no kind ${kind}.${nearest(kind, this.keys.kinds)}`;
    }
    return `${kind}: ${this.otherMinors(found)}`;
  }

  private unknownKey(structure: string, key: string, path: readonly string[]): string {
    const where = pathText([...path, key]);
    const found = minorsWith(structure, key);
    if (found !== undefined) return `${where}: ${this.otherMinors(found)}`;
    const near = nearest(key, this.keys.keys(structure)) || this.elsewhere(key);
    return `Talos does not know ${where}.${near}`;
  }

  /** @param found The minors that have it, which are others than the cluster's */
  private otherMinors({ first, last }: { first: number; last: number }): string {
    if (first > newestContractMinor) {
      return `the talos provider, which renders the configuration, knows no more than Talos 1.${newestContractMinor}, and this is Talos 1.${first}'s.`;
    }
    return first > this.minor
      ? `only Talos 1.${first} and later knows it, and this cluster has 1.${this.minor}.`
      : `no Talos after 1.${last} knows it.`;
  }

  /** Where in the main document a key of this name is. */
  private elsewhere(key: string): string {
    const queue: [structure: string, path: string[]][] = [["Config", []]];
    const seen = new Set<string>();
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [structure, path] = next;
      if (seen.has(structure)) continue;
      seen.add(structure);
      for (const name of this.keys.keys(structure)) {
        if (name === key) return ` Did you mean ${[...path, name].join(".")}?`;
        const form = this.keys.formOf(structure, name);
        if (form?.is === "structure") queue.push([form.name, [...path, name]]);
      }
    }
    return "";
  }
}

/** What belongs there, if the value has another form. */
function expectation(value: Value, form: Form): string | undefined {
  switch (form.is) {
    case "list":
      return value.is === "list" ? undefined : "a list";
    case "map":
    case "structure":
      return value.is === "mapping" ? undefined : "settings, key: value";
    case "boolean":
      return value.is === "single" && isBoolean(value) ? undefined : "true or false";
    case "integer":
      return value.is === "single" && isNumber(value) ? undefined : "a number, without quotes";
    case "number":
      return value.is === "single" && isNumber(value) ? undefined : "a number, without quotes";
    case "text":
      return value.is === "single" ? undefined : "a single value";
    default:
      return undefined;
  }
}

/** Where a boolean belongs, Talos also reads YAML 1.1's. */
function isBoolean({ value, source, isPlain }: Single): boolean {
  return typeof value === "boolean" || (isPlain && /^(?:y|n|yes|no|on|off)$/i.test(source));
}

function isNumber({ value, source, isPlain }: Single): boolean {
  return typeof value === "number" || (isPlain && /^[-+]?[\da-fA-Fxob_]+$/.test(source));
}
