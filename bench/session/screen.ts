/** A character with its style. */
export interface Cell {
  readonly text: string;
  readonly color?: "red" | "green" | "yellow";
  readonly isDim: boolean;
}

const colors: Readonly<Record<string, Cell["color"]>> = { 31: "red", 32: "green", 33: "yellow" };
// eslint-disable-next-line no-control-regex -- escape sequences of a terminal
const sequence = /\x1b\[(\d*)([A-Za-z])|([^])/gu;

/**
 * The screen of a terminal after some output: the few sequences that `openaether` uses (cursor up,
 * to a column, clear, colors), without line ends.
 * @throws for any other sequence, rather than showing something that was not there
 */
export class Screen {
  readonly lines: Cell[][] = [[]];
  private row = 0;
  private column = 0;
  private color: Cell["color"];
  private isDim = false;

  write(text: string): void {
    for (const [all, argument = "", command, character] of text.matchAll(sequence)) {
      if (character !== undefined) this.put(character);
      else if (command === "m") this.look(argument);
      else this.move(command ?? "", argument, all);
    }
  }

  private put(character: string): void {
    if (character === "\r") this.column = 0;
    else if (character === "\n") {
      this.row += 1;
      while (this.lines.length <= this.row) this.lines.push([]);
    } else {
      const line = this.lines[this.row] ?? [];
      while (line.length < this.column) line.push({ text: " ", isDim: false });
      line[this.column] = { text: character, color: this.color, isDim: this.isDim };
      this.column += 1;
    }
  }

  private look(argument: string): void {
    if (argument === "2") this.isDim = true;
    else if (argument === "22") this.isDim = false;
    else if (argument === "39") this.color = undefined;
    else if (argument in colors) this.color = colors[argument];
    else throw new Error(`colour ${argument} is not known here`);
  }

  private move(command: string, argument: string, all: string): void {
    const count = Number(argument || (command === "J" || command === "K" ? 0 : 1));
    if (command === "A") this.row = Math.max(0, this.row - count);
    else if (command === "G") this.column = count - 1;
    else if (command === "K" && count === 2) this.lines[this.row] = [];
    else if (command === "J" && count === 0) {
      this.lines.splice(this.row + 1);
      this.lines[this.row]?.splice(this.column);
    } else throw new Error(`${JSON.stringify(all)} is not known here`);
  }
}
