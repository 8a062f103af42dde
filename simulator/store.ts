import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * The simulated world's storage: named collections of plain JSON objects by id, written to one file
 * (0600) after every change, so that a restarted server continues with its cloud.
 */
export class Store {
  private readonly collections: Record<string, Record<string, object>>;
  private isDue = false;

  /** @param file Where it is stored; read now if it exists. @default - only in memory */
  constructor(private readonly file?: string) {
    if (file !== undefined) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.collections = file === undefined ? {} : load(file);
  }

  /** The live objects of one kind, by id, in the order of insertion. Call `save` after a change in place. */
  // The caller of a kind knows its type.
  all<T extends object>(kind: string): Readonly<Record<string, T>> {
    return (this.collections[kind] ?? {}) as Record<string, T>;
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  get<T extends object>(kind: string, id: string): T | undefined {
    return this.collections[kind]?.[id] as T | undefined;
  }

  put(kind: string, id: string, value: object): void {
    (this.collections[kind] ??= {})[id] = value;
    this.save();
  }

  remove(kind: string, id: string): void {
    delete this.collections[kind]?.[id];
    this.save();
  }

  /** Number of objects of every kind that has any. */
  count(): Record<string, number> {
    const counts = Object.entries(this.collections).map(
      ([kind, objects]) => [kind, Object.keys(objects).length] as const,
    );
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  /** Writes changes before any answer is sent: several changes in one turn are one write. */
  save(): void {
    if (this.isDue || this.file === undefined) return;
    this.isDue = true;
    queueMicrotask(() => {
      this.flush();
    });
  }

  /** Writes at once what `save` has deferred to the end of the turn. */
  flush(): void {
    if (!this.isDue) return;
    this.isDue = false;
    this.write();
  }

  private write(): void {
    if (this.file === undefined) return;
    const next = `${this.file}.next`;
    writeFileSync(next, JSON.stringify(this.collections), { mode: 0o600 });
    renameSync(next, this.file);
  }
}

function load(file: string): Record<string, Record<string, object>> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, object>>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
