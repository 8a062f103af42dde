import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { scaleway } from "../support/clouds";
import { User, Running } from "../support/command-line";
import { thirdInTurn } from "../support/rotation";

const root = join(__dirname, "..", "..");
const stack = "cdktf.out/stacks/demo/cdk.tf.json";

const commands = [["plan"], ["up", "--yes"], ["down", "--name", "demo"], ["status"]];

/**
 * How kinds of broken file and commands are combined: all with all, a third of that in each turn, or
 * each kind with one command.
 */
export type Meeting = "all with all" | "each with one";

/** Whatever a file contains, each command ends with a message. */
export function brokenFilesAreSentences(meeting: Meeting): void {
  /** Each with the words of its title before it. */
  const pairs = <F>(files: Readonly<Record<string, F>>, args: readonly string[][]) => {
    const named = Object.entries(files);
    const met =
      meeting === "all with all"
        ? thirdInTurn(named.flatMap((file) => args.map((one) => [file, one] as const)))
        : Array.from(
            { length: Math.max(named.length, args.length) },
            (_, i) => [named[i % named.length]!, args[i % args.length]!] as const,
          );
    return met.map(([[name, file], one]) => [name, one.join(" "), file, one] as const);
  };
  const texts = (...list: string[]) => Object.fromEntries(list.map((text) => [text, text]));

  jest.setTimeout(180_000);

  let user: User;
  beforeAll(async () => {
    user = await User.in(scaleway);
    await user.openaether("plan");
  });
  afterAll(() => user.end());

  /** A command that must end with a message: without a stack trace, and soon. */
  async function sentence(...args: string[]): Promise<string> {
    const { code, output, errors } = await user.openaether(...args);
    expect([args, code]).toEqual([args, 1]);
    expect(output + errors).not.toMatch(/^\s+at |TypeError|SyntaxError|\bERR_|\berrno\b/m);
    return errors;
  }

  /** Replaces a file's content, and restores it afterwards. */
  async function instead<T>(name: string, put: (file: string) => void, work: () => Promise<T>) {
    const file = join(user.home, name);
    const kept = `${file}.kept`;
    const isThere = existsSync(file);
    if (isThere) execFileSync("mv", [file, kept]);
    put(file);
    try {
      return await work();
    } finally {
      rmSync(file, { recursive: true, force: true });
      if (isThere) execFileSync("mv", [kept, file]);
    }
  }

  const directory = (file: string) => {
    mkdirSync(file);
  };
  const content = (text: string) => (file: string) => {
    user.write(file.slice(user.home.length + 1), text);
  };

  describe("a command prints a message and no stack trace for", () => {
    test.each([["plan"], ["up", "--yes"]])(".openaether that is a file, at %s", async (...args) => {
      const errors = await instead(".openaether", content(""), () => sentence(...args));
      expect(errors).toContain(".openaether: something of that name exists already");
    });

    test("cdktf.out that is a file", async () => {
      const errors = await instead("cdktf.out", content(""), () => sentence("plan"));
      expect(errors).toContain("part of the path is a file, not a directory");
    });

    const noFiles = {
      "a directory": directory,
      "a device": (file: string) => {
        symlinkSync("/dev/zero", file);
      },
      "a FIFO": (file: string) => execFileSync("mkfifo", [file]),
    };
    test.each(pairs(noFiles, commands))(
      "a state that is %s, at %s",
      async (_name, _command, put, args) => {
        const errors = await instead("cluster.tfstate", put, () => sentence(...args));
        expect(errors).toMatch(/cluster\.tfstate is not a file: the state cannot be kept there/);
      },
    );

    const oddStates = texts(
      '{"version":4,"resources":{}}',
      '{"version":4,"resources":[1]}',
      '{"version":4,"resources":[{"mode":"managed"}]}',
      '{"version":4,"resources":[{"mode":"managed","type":"x","name":"y","instances":{}}]}',
      '{"version":4,"outputs":3,"resources":[]}',
      "[]",
      "7",
      "null",
    );
    test.each(pairs(oddStates, commands))(
      "a state with odd resources: %s, at %s",
      async (_name, _command, text, args) => {
        await instead("cluster.tfstate", content(text), async () => {
          const { output, errors } = await user.openaether(...args);
          expect(output + errors).not.toMatch(/^\s+at |TypeError|SyntaxError/m);
        });
      },
    );

    test("a certificate in the state that cannot be read", async () => {
      const state = {
        version: 4,
        terraform_version: "1.12.6",
        serial: 1,
        lineage: "x",
        outputs: { kubeconfig: { value: "client-certificate-data: AAAA", type: "string" } },
        resources: [{ mode: "managed", type: "x", name: "y", instances: [{}] }],
      };
      const output = await instead("cluster.tfstate", content(JSON.stringify(state)), () =>
        user.done("status"),
      );
      expect(output).toMatch(/kubeconfig +the certificate in the state cannot be read/);
    });

    const noStacks = texts(
      "{}",
      "[]",
      "null",
      "nonsense",
      '{"resource":{"terraform_data":{"immutable_settings":{"input":{}}}}}',
    );
    const readers = [
      ["down", "--name", "demo"],
      ["status"],
      ["tunnel"],
      ["explain", "--state"],
      ["doctor", "--json"],
    ];
    test.each(pairs(noStacks, readers))(
      "a synthesized configuration that is %s, at %s",
      async (_name, _command, text, args) => {
        await instead(stack, content(text), async () => {
          // doctor has it among its findings.
          const said = args.includes("--json")
            ? (await user.openaether(...args)).output
            : await sentence(...args);
          expect(said).toContain("is not what synth writes");
        });
      },
    );

    test("explain --html into a directory, and nothing is left beside it", async () => {
      expect(await sentence("explain", "--html", ".")).toContain("it is a directory, not a file");
      expect(existsSync(`${user.home}.new`)).toBe(false);
    });

    // Ten seconds; test/unit/tofu has the same with a shorter timeout.
    if (meeting === "all with all") {
      test("a TOFU_BIN that does not answer", async () => {
        user.write("silent", "#!/bin/sh\nexec sleep 600\n", 0o700);
        const since = Date.now();
        const { code, errors } = await user.start(["plan"], {
          TOFU_BIN: join(user.home, "silent"),
        }).ended;
        expect(errors).toMatch(/silent did not answer "version" within 10 seconds/);
        expect(code).toBe(1);
        expect(Date.now() - since).toBeLessThan(60_000);
      });
    }

    test("a cache directory that cannot be written, where tofu has to be built", async () => {
      const { code, errors } = await user.start(["plan"], {
        TOFU_BIN: undefined,
        XDG_CACHE_HOME: join(user.home, "tofu.tfvars.json"),
      }).ended;
      expect(errors).toMatch(/tofu\.tfvars\.json.*: part of the path is a file, not a directory/);
      expect(code).toBe(1);
    });
  });

  const hasMounts =
    spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
  const withMounts = hasMounts ? test : test.skip;

  withMounts.each([["plan"], ["up", "--yes"], ["explain", "--html"]])(
    "in a read-only directory, %s ends with a sentence",
    async (...args) => {
      const script = `mount --bind . . && cd "$PWD" && mount -o remount,ro,bind . && exec "$0" "$@"`;
      const { code, output, errors } = await new Running(
        spawn("unshare", ["-rm", "bash", "-c", script, join(root, "openaether"), ...args], {
          cwd: user.home,
          env: user.environment,
          stdio: ["ignore", "pipe", "pipe"],
        }),
      ).ended;
      expect(output + errors).not.toMatch(/^\s+at /m);
      expect(errors).toContain("the file system is read-only");
      expect(code).toBe(1);
    },
  );
}
