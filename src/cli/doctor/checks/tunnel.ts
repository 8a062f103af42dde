import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readTalosconfig } from "../../cluster/certificates";
import { type Finding, error, ok, warning } from "../finding";
import { fileName, type DoctorContext } from "../context";
import { ask } from "../../cluster/program";
import { localPort } from "../../cluster/tunnel-port";
import { probe } from "../../cluster/tls";

const check = "tunnel";
/** In milliseconds: as long as the tunnel of an apply waits. */
const patience = 3_000;

/** What holds the tunnel's local port. */
export async function tunnel(context: DoctorContext): Promise<Finding[]> {
  const file = join(context.home, fileName(context, "talosconfig"));
  const written = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const known = context.state?.output("talosconfig");
  const talosconfig = readTalosconfig(known ?? "");
  const port = localPort(written ?? known, context.environment);
  const answer = await probe({ to: port, authority: talosconfig?.authority, patience });
  if (answer === "closed") {
    return [ok(check, `none is open: nothing holds port ${port}`)];
  }
  const by = await holderOf(port, context.environment);
  const held = by === undefined ? "" : `, held by ${by.name} (process ${by.process})`;
  if (answer === "trusted") return [ok(check, `open, to this cluster: port ${port}${held}`)];
  const end = by === undefined ? "" : `kill ${by.process}   # or `;
  const fix = `${end}export TF_VAR_tunnel_port=${port + 1}`;
  const text = `Port ${port}, where the tunnel begins, is taken${held}`;
  switch (answer) {
    case "silent":
    case "ended":
      return [
        warning(
          check,
          `${text}. It accepts and says nothing: a tunnel whose node is not there yet, or something else.`,
          fix,
        ),
      ];
    case "stranger":
      return [error(check, `${text}. It is not this cluster's Talos.`, fix)];
    case "other":
      return [error(check, `${text}. It is no tunnel.`, fix)];
  }
}

/** The process that listens; undefined where no program can tell. */
async function holderOf(
  port: number,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly name: string; readonly process: string } | undefined> {
  const lsof = await ask("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], { environment });
  const [, process, name] = /^p(\d+)\nc(.+)$/m.exec(lsof?.output ?? "") ?? [];
  if (process !== undefined && name !== undefined) return { name, process };
  const ss = await ask("ss", ["-Hltnp", `sport = :${port}`], { environment });
  const [, ssName, ssProcess] = /users:\(\("([^"]+)",pid=(\d+)/.exec(ss?.output ?? "") ?? [];
  return ssName === undefined || ssProcess === undefined
    ? undefined
    : { name: ssName, process: ssProcess };
}
