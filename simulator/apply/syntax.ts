/** The part of tofu's expression language that this project's JSON uses, as a tree. */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "template"; readonly parts: readonly Expression[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
  | { readonly kind: "index"; readonly of: Expression; readonly index: number }
  /** `list[*]` with the attributes that are read from each element. */
  | { readonly kind: "splat"; readonly of: Expression; readonly names: readonly string[] }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | {
      readonly kind: "for";
      readonly name: string;
      readonly of: Expression;
      readonly value: Expression;
      readonly condition?: Expression;
    }
  | { readonly kind: "call"; readonly name: string; readonly values: readonly Expression[] }
  | { readonly kind: "not"; readonly value: Expression }
  | {
      readonly kind: "less" | "equal";
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    };

/** An expression that this parser does not know; it does not guess. */
export class UnknownSyntax extends Error {}

/**
 * Parses a string of JSON configuration with the expressions in its `${…}`.
 * @throws UnknownSyntax
 */
export function parseText(text: string): Expression {
  const parser = new Parser(text);
  const parts = parser.template(undefined);
  const [only] = parts;
  if (parts.length === 0) return { kind: "literal", value: "" };
  return parts.length === 1 && only !== undefined ? only : { kind: "template", parts };
}

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  /** @param end The quotation mark that ends the template; undefined where it is the whole string. */
  template(end: string | undefined): Expression[] {
    const parts: Expression[] = [];
    let literal = "";
    const flush = () => {
      if (literal !== "") parts.push({ kind: "literal", value: literal });
      literal = "";
    };
    while (this.at < this.text.length && this.text[this.at] !== end) {
      if (this.take("$${")) literal += "${";
      else if (this.take("%%{")) literal += "%{";
      else if (this.take("${")) {
        flush();
        parts.push(this.expression());
        this.expect("}");
      } else if (this.text.startsWith("%{", this.at)) throw this.unknown("a directive");
      else if (end !== undefined && this.take("\\")) literal += this.escaped();
      else literal += this.text[this.at++] ?? "";
    }
    flush();
    return parts;
  }

  private escaped(): string {
    const letter = this.text[this.at++] ?? "";
    const meant = { n: "\n", t: "\t", r: "\r", '"': '"', "\\": "\\" }[letter];
    if (meant === undefined) throw this.unknown(`\\${letter}`);
    return meant;
  }

  private expression(): Expression {
    let value = this.operand();
    if (this.token("< ")) value = { kind: "less", left: value, right: this.operand() };
    else if (this.token("== ")) value = { kind: "equal", left: value, right: this.operand() };
    if (!this.token("? ")) return value;
    const then = this.expression();
    this.expect(":");
    return { kind: "conditional", condition: value, then, otherwise: this.expression() };
  }

  private operand(): Expression {
    if (this.token("!")) return { kind: "not", value: this.operand() };
    let value = this.primary();
    for (;;) {
      if (this.take("[*]")) {
        const names: string[] = [];
        while (this.take(".")) names.push(this.word());
        value = { kind: "splat", of: value, names };
      } else if (this.take(".")) value = { kind: "attribute", of: value, name: this.word() };
      else if (this.take("[")) {
        const key = this.expression();
        this.expect("]");
        if (key.kind !== "literal" || key.value === null) throw this.unknown("a computed index");
        value =
          typeof key.value === "number"
            ? { kind: "index", of: value, index: key.value }
            : { kind: "attribute", of: value, name: String(key.value) };
      } else return value;
    }
  }

  private primary(): Expression {
    this.space();
    if (this.take('"')) {
      const parts = this.template('"');
      this.expect('"');
      const [only] = parts;
      // A template around a single value is still a string.
      return parts.length === 1 && only?.kind === "literal" ? only : { kind: "template", parts };
    }
    if (this.take("[")) return this.listOrFor();
    const number = this.match(/\d+(\.\d+)?/y);
    if (number !== undefined) return { kind: "literal", value: Number(number) };
    const word = this.word();
    if (word === "true" || word === "false") return { kind: "literal", value: word === "true" };
    if (word === "null") return { kind: "literal", value: null };
    if (!this.take("(")) return { kind: "name", name: word };
    return { kind: "call", name: word, values: this.items(")") };
  }

  private listOrFor(): Expression {
    this.space();
    if (this.match(/for\s+/y) === undefined) return { kind: "list", items: this.items("]") };
    const name = this.word();
    this.space();
    this.expect("in ");
    const of = this.expression();
    this.expect(":");
    const value = this.expression();
    const condition = this.token("if ") ? this.expression() : undefined;
    this.expect("]");
    return { kind: "for", name, of, value, condition };
  }

  private items(end: string): Expression[] {
    const items: Expression[] = [];
    while (!this.token(end)) {
      items.push(this.expression());
      if (!this.token(",")) {
        this.expect(end);
        break;
      }
    }
    return items;
  }

  private word(): string {
    const word = this.match(/[A-Za-z_][\w-]*/y);
    if (word === undefined) throw this.unknown(this.text.slice(this.at, this.at + 20));
    return word;
  }

  private expect(text: string): void {
    if (!this.token(text)) throw this.unknown(this.text.slice(this.at, this.at + 20));
  }

  private token(text: string): boolean {
    this.space();
    return this.take(text);
  }

  private take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private space(): void {
    this.match(/\s+/y);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private unknown(what: string): UnknownSyntax {
    return new UnknownSyntax(`Not understood: ${what} in ${this.text}`);
  }
}
