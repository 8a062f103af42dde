import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { cloudNames } from "../../constructs/cluster";
import { exitStatus } from "./cluster/exit-status";
import { completion, type Shell, shells } from "./completion";
import type { DoctorOptions } from "./doctor/command";
import type { DownOptions } from "./down";
import type { ExplainOptions } from "./explain/explain";
import { type InitOptions, withQuestions } from "./init/options";
import type { ShowPlanOptions } from "./plan/plan";
import type { LockOptions } from "./providers/lock";
import type { StatusOptions } from "./status";
import type { TunnelOptions } from "./tunnel";
import type { UpOptions } from "./up/up";
import { write } from "../output";

/** Told a command's exit status. */
export type Exit = (status: number) => void;

/**
 * The whole command line. What a command does is loaded when it is called: a help text must not wait
 * for cdktf.
 */
export function createProgram(exit: Exit): Command {
  const program = new Command("openaether")
    .description("A private Kubernetes management cluster on Talos Linux, on a European cloud.")
    .showSuggestionAfterError()
    .showHelpAfterError("(openaether --help)")
    .exitOverride();
  program.configureOutput({
    writeOut: (text) => {
      write(process.stdout, text);
    },
    writeErr: (text) => {
      write(process.stderr, text);
    },
  });
  program.option("--version", "of openaether, of tofu and of the providers");

  const command = (name: string, description: string) =>
    program.command(name).description(description).exitOverride();

  withQuestions(
    command(
      "init",
      "Writes a tofu.tfvars: asks a few questions, or takes options. Never overwrites.",
    ),
  )
    .addHelpText("after", examples("init", "init --cloud ovh --name prod --admin-ip 203.0.113.7"))
    .action(async (options: InitOptions) => {
      exit(await (await import("./init/command.js")).initHere(options));
    });

  ofCluster(
    command("doctor", "Is everything here that an apply needs? Looks, and changes nothing."),
  )
    .option("--my-address <address>", "your public IPv4 address: is it in admin_ip?")
    .option("--json", "for programs", false)
    .addHelpText("after", examples("doctor", "doctor --my-address 203.0.113.7"))
    .action(async (options: DoctorOptions) => {
      exit(await (await import("./doctor/command.js")).doctor(options));
    });

  ofCluster(
    command("plan", "What `up` would do, in words. Changes nothing. Status 2: there are changes."),
  )
    .option("--full", "every attribute, as tofu shows it", false)
    .option("--json", "for programs", false)
    .addHelpText("after", examples("plan", "plan --full | less", "plan --json"))
    .action(async (options: ShowPlanOptions) => {
      exit(await (await import("./plan/plan.js")).plan(options));
    });

  ofCluster(command("explain", "Who can reach what, and why, for tofu.tfvars: a table, or a page."))
    .option("--all", "also what is refused, and by what", false)
    .option("--html [file]", "a page with the topology drawn, in one file")
    .option("--state", "of what stands, in place of what tofu.tfvars asks for", false)
    .addOption(
      new Option("--from <name>", "follow one connection, hop by hop: who asks").conflicts([
        "html",
        "all",
      ]),
    )
    .option("--to <name>", "whom: a name such as api or worker-0, or an address")
    .option("--port <port>", "on which port: 6443, or 4789/udp", portOf)
    .option("--json", "for programs", false)
    .addHelpText(
      "after",
      examples(
        "explain --all",
        "explain --html",
        "explain --html --state",
        "explain --from worker-0 --to api --port 6443",
      ),
    )
    .action(async (options: ExplainOptions) => {
      exit(await (await import("./explain/explain.js")).explain(options));
    });

  ofCluster(
    command("up", "Makes the cluster what tofu.tfvars says, and finishes what was interrupted."),
  )
    .option(
      "-y, --yes",
      "do not ask; never covers the loss of a control plane, another image or an opening to the internet",
      false,
    )
    .option(
      "--allow <name>",
      "this node may be replaced, restarted or destroyed; image: new nodes may use another image; internet: more than a /8 may connect",
      gather,
      [],
    )
    .option("--replace <node>", "make this node anew, from today's image and versions", gather, [])
    .option(
      "--adopt <address=id>",
      "take up what an interrupted run made and could not tell; it says which",
      gather,
      [],
    )
    .option("--json", "progress for programs: one object a line", false)
    .addHelpText("after", examples("up", "up --yes --allow worker-1", "up --replace worker-0"))
    .action(async (options: UpOptions) => {
      exit(await (await import("./up/up.js")).up(options));
    });

  ofCluster(
    command("status", "What stands, where, how it is reached, until when its certificates last."),
  )
    .option("--kubeconfig", "write kubeconfig again, from the state", false)
    .option("--talosconfig", "write talosconfig again, from the state", false)
    .option("--json", "for programs", false)
    .addHelpText("after", examples("status", "status --kubeconfig"))
    .action(async (options: StatusOptions) => {
      exit(await (await import("./status.js")).status(options));
    });

  ofCluster(command("tunnel", "The Talos API of a node on 127.0.0.1, until Ctrl-C."))
    .option("--node <name>", "which one; any control plane reaches all nodes", "control-plane-0")
    .option(
      "--port <number>",
      "where it begins, on 127.0.0.1 (default: as talosconfig has it)",
      localPortOf,
    )
    .option("--background", "leave it open, for an hour at most", false)
    .option("--close", "end what was left open", false)
    .addHelpText(
      "after",
      examples("tunnel", "tunnel --node worker-0 --background", "tunnel --close"),
    )
    .action(async (options: TunnelOptions) => {
      exit(await (await import("./tunnel.js")).tunnel(options));
    });

  ofCluster(command("down", "Destroys the cluster, as it was last synthesized. Asks for its name."))
    .option("--name <name>", "its name, said beforehand")
    .option("--json", "progress for programs: one object a line", false)
    .addHelpText("after", examples("down", "down --name prod"))
    .action(async (options: DownOptions) => {
      exit(await (await import("./down.js")).down(options));
    });

  command(
    "rehearse",
    "A whole deployment on a simulated cloud: the real tofu, no account, nothing real is touched.",
  )
    .option("--file <file>", "the input, in place of tofu.tfvars")
    .addOption(
      new Option("--cloud <name>", "whose example, where there is no tofu.tfvars").choices(
        cloudNames,
      ),
    )
    .option("--keep", "leave it standing for a look around with tofu, until Ctrl-C", false)
    .option("--timings", "also say how much of it was the simulator", false)
    .option("--summary <file>", "also write it down, as Markdown")
    .addHelpText("after", examples("rehearse --cloud ovh", "rehearse --keep"))
    .action(async (options: RehearseOptions) => {
      const { rehearse } = await import("./rehearse/rehearse.js");
      exit(await rehearse({ ...options, folder: process.cwd(), out: process.stdout }));
    });

  const providers = command("providers", "The providers that tofu downloads, and their hashes.");
  providers.addHelpText("after", examples("providers lock"));
  ofCluster(
    providers
      .command("lock")
      .description("Writes .terraform.lock.hcl beside tofu.tfvars: hashes for every platform.")
      .exitOverride(),
  )
    .option("--fs-mirror <folder>", "take the packages from this folder")
    .option("--net-mirror <url>", "take the packages from this mirror")
    .addHelpText("after", examples("providers lock", "providers lock --fs-mirror /srv/providers"))
    .action(async (options: LockOptions) => {
      exit(await (await import("./providers/lock.js")).lockProviders(options));
    });

  command("completion", "A script that lets your shell complete commands and options.")
    .addArgument(new Argument("<shell>", "which one").choices(shells))
    .addHelpText(
      "after",
      '\nExamples:\n  eval "$(openaether completion bash)"\n  openaether completion fish | source',
    )
    .action((shell: Shell) => {
      write(process.stdout, completion(program, shell));
      exit(exitStatus.done);
    });

  return program;
}

interface RehearseOptions {
  readonly file?: string;
  readonly cloud?: string;
  readonly summary?: string;
  readonly keep: boolean;
  readonly timings: boolean;
}

/** The options that every command about a cluster has. */
export function ofCluster(command: Command): Command {
  return command
    .option("--dir <folder>", "the folder of tofu.tfvars, where it is not this one")
    .option("--file <file>", "the input, in place of tofu.tfvars");
}

function localPortOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
    throw new InvalidArgumentError("A port is a number from 1 to 65535.");
  }
  return port;
}

/** "6443", "6443/tcp" or "4789/udp". */
function portOf(text: string): NonNullable<ExplainOptions["port"]> {
  const [, number = "", protocol = "tcp"] = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(text) ?? [];
  const port = Number(number);
  if (port < 1 || port > 65535) {
    throw new InvalidArgumentError("A port is 1 to 65535, with /tcp or /udp after it or nothing.");
  }
  return { port, protocol: protocol === "udp" ? "udp" : "tcp" };
}

/** For options that may come several times. */
function gather(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  openaether ${line}`).join("\n")}`;
}
