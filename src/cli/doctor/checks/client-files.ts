import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shellWord } from "../../../../constructs/shell-word";
import { expiry, type Identity, readKubeconfig, readTalosconfig } from "../../cluster/certificates";
import { type Finding, error, ok, warning } from "../finding";
import { fileName, type DoctorContext } from "../context";

/** Below this many days, an expiry is a warning. */
const soon = 60;
const day = 86_400_000;

/** kubeconfig and talosconfig: whether they exist, are of this cluster, and when they expire. */
export function clientFiles(context: DoctorContext): Finding[] {
  if (context.state === undefined) return [];
  const { stack, varFile } = context;
  const tofu = `tofu -chdir=${shellWord(stack?.directory ?? "")} apply -var-file=${shellWord(varFile)}`;
  return [
    ...clientFile(context, {
      name: "kubeconfig",
      read: readKubeconfig,
      renewal: `${tofu} -replace=talos_cluster_kubeconfig.bootstrap   # with a tunnel: ./openaether tunnel`,
    }),
    // Any plan from the eleventh month on renews it.
    ...clientFile(context, {
      name: "talosconfig",
      read: readTalosconfig,
      renewal: "./openaether up",
    }),
  ];
}

interface ClientFile {
  readonly name: "kubeconfig" | "talosconfig";
  readonly read: (text: string) => Identity | undefined;
  readonly renewal: string;
}

function clientFile(context: DoctorContext, { name, read, renewal }: ClientFile): Finding[] {
  const inState = context.state?.output(name);
  const file = join(context.home, fileName(context, name));
  const again = `./openaether status --${name}`;
  if (inState === undefined) {
    return [warning(name, "There is none yet: the bootstrap is to come.", "./openaether up")];
  }
  if (!existsSync(file)) return [warning(name, `There is no ${file}.`, again)];
  const found = read(readFileSync(file, "utf8"));
  if (found === undefined) return [warning(name, `${file} cannot be read as one.`, again)];
  if (found.authority !== read(inState)?.authority) {
    return [
      warning(
        name,
        `${file} belongs to another cluster.`,
        `mv ${shellWord(file)} ${shellWord(`${file}.other`)} && ${again}`,
      ),
    ];
  }
  const end = expiry(found);
  if (end === undefined) return [warning(name, `${file} holds no certificate.`, again)];
  const days = Math.floor((end.getTime() - context.now.getTime()) / day);
  const date = end.toISOString().slice(0, 10);
  if (days < 0) return [error(name, `Its certificate ended on ${date}.`, renewal)];
  if (days < soon) {
    return [warning(name, `Its certificate is good until ${date}, ${days} days.`, renewal)];
  }
  return [ok(name, `good until ${date}, ${days} days`)];
}
