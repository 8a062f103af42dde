/** The printed problems in the form of the table: [location, message] by [location, message], lines joined. */
export function saidIn(output: string, folder: string): string[] {
  const text = output.replaceAll(folder, "FOLDER");
  const blocks = text.split("\n\n");
  const entries = blocks.flatMap((block, i) => {
    const found = /^ {2}(\S+)(?: +(\S.*))?\n((?: {6}.*\n?)+)$/.exec(block);
    if (found === null) return [];
    const [, where = "", name, words = ""] = found;
    const isWarning = blocks.slice(0, i).some((heading) => /^\d+ warnings?$/m.test(heading));
    const place = [isWarning ? `warning ${where}` : where, ...(name === undefined ? [] : [name])];
    return [place.join("  "), words.trim().split(/\n */).join(" ")];
  });
  return entries.length > 0 || text.includes(" resources in ") ? entries : ["", text];
}
