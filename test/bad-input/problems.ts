/** The printed problems in the form of the table: [location, message] by [location, message], lines joined. */
export function problemsIn(output: string, directory: string): string[] {
  const text = output.replaceAll(directory, "FOLDER");
  const blocks = text.split("\n\n");
  const entries = blocks.flatMap((block, i) => {
    const found = /^ {2}(\S+)(?: +(\S.*))?\n((?: {6}.*\n?)+)$/.exec(block);
    if (found === null) return [];
    const [, where = "", name, message = ""] = found;
    const isWarning = blocks.slice(0, i).some((heading) => /^\d+ warnings?$/m.test(heading));
    const place = [isWarning ? `warning ${where}` : where, ...(name === undefined ? [] : [name])];
    return [place.join("  "), message.trim().split(/\n */).join(" ")];
  });
  return entries.length > 0 || text.includes(" resources in ") ? entries : ["", text];
}
