import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestCloud } from "./clouds";
import { User } from "./command-line";
import { sharedDirectory } from "./shared-directory";

/** What an `up` of one node creates. */
export interface Created {
  /** Objects of the cloud, by kind. */
  readonly objects: Record<string, number>;
  /** Direct and indirect dependencies of each resource, from tofu's state. */
  readonly after: ReadonlyMap<string, readonly string[]>;
}

const known = new Map<string, Promise<Created>>();

/** What a run without faults creates on this cloud. */
export function createdOn(cloud: TestCloud): Promise<Created> {
  const created = known.get(cloud.name) ?? readOrObserved(cloud);
  known.set(cloud.name, created);
  return created;
}

/** Keeps what a run without faults of this user has created. */
export async function keepCreated(user: User): Promise<Created> {
  const created = { objects: await user.cloudObjects(), after: user.savedState() };
  known.set(user.cloud.name, Promise.resolve(created));
  const file = fileOf(user.cloud);
  if (file !== undefined) {
    // Several test files may find it out at once.
    const part = `${file}.${process.pid}`;
    writeFileSync(part, JSON.stringify({ ...created, after: [...created.after] }));
    renameSync(part, file);
  }
  return created;
}

function fileOf(cloud: TestCloud): string | undefined {
  const directory = sharedDirectory();
  return directory === undefined ? undefined : join(directory, `created-${cloud.name}.json`);
}

async function readOrObserved(cloud: TestCloud): Promise<Created> {
  const file = fileOf(cloud);
  if (file !== undefined && existsSync(file)) {
    const { objects, after } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly objects: Created["objects"];
      readonly after: readonly (readonly [string, readonly string[]])[];
    };
    return { objects, after: new Map(after) };
  }
  const another = await User.in(cloud);
  try {
    await another.done("up", "--yes");
    return await keepCreated(another);
  } finally {
    await another.end();
  }
}
