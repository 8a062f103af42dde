import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { scaleway } from "../support/clouds";
import { filesWithKeys, keysIn } from "../support/keys";
import { Story } from "../support/story";

/** Where a user expects the cluster's keys. */
const expected = /^(cluster\.tfstate|kubeconfig|talosconfig)/;

/** What is looked for through one life: keys of every state that there was. */
export class KeySearch {
  private readonly keys = new Set<string>();

  constructor(private readonly story: Story) {}

  get count(): number {
    return this.keys.size;
  }

  /** Files with one of them where no user expects it; the simulated cloud has its own. */
  elsewhere(): string[] {
    const { person } = this.story;
    const names = readdirSync(person.home).filter((one) => one.startsWith("cluster.tfstate"));
    for (const name of names) {
      try {
        for (const key of keysIn(person.read(name))) this.keys.add(key);
      } catch {
        continue; // empty, or half written
      }
    }
    const found = filesWithKeys(person.home, [...this.keys]);
    expect(found.some((name) => name.startsWith("cluster.tfstate"))).toBe(true);
    return found.filter((name) => !expected.test(name) && !name.startsWith("cloud/"));
  }
}

/** A life without a fault. */
export function keysAreLeftNowhereElse(): void {
  // Several runs of a command.
  jest.setTimeout(240_000);

  describe("keys of the cluster", () => {
    let story: Story;
    afterEach(() => story.end());

    test("after up, after plan and after down are in the state, kubeconfig and talosconfig alone", async () => {
      story = await Story.on(scaleway);
      const keys = new KeySearch(story);
      const { person } = story;
      await story.undisturbed();
      expect(keys.elsewhere()).toEqual([]);
      expect(keys.count).toBeGreaterThan(8);
      person.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
      await person.openaether("plan");
      expect(keys.elsewhere()).toEqual([]);
      await person.done("up", "--yes");
      await person.openaether("doctor");
      expect(keys.elsewhere()).toEqual([]);

      person.write(join("cdktf.out", "stacks", "demo", "plan"), "");
      const output = await person.done("down", "--name", "demo");
      expect(output).toContain(
        "Keys of the cluster are still in: cluster.tfstate.backup, cdktf.out/stacks/demo/plan",
      );
      expect(keys.elsewhere()).toEqual([]);
    });
  });
}
