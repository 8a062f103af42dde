/** A word of a line that is pasted into a shell: in quotes only where the shell would read more into it. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
