import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { parse } from "yaml";
import type { Cluster } from "../cluster/cluster";
import { elapsed } from "./progress";

/** Kubernetes's control plane pulls its images after the bootstrap; minutes, on a slow line more. */
const longest = 10 * 60_000;
const between = 3000;

/** Waits until the API answers, and says where everything is. */
export async function arrival(cluster: Cluster): Promise<string> {
  const kubeconfig = cluster.fileName("kubeconfig");
  const { server, authority } = apiOf(readFileSync(join(cluster.home, kubeconfig), "utf8"));
  const lines = [""];
  if (cluster.isSimulated) {
    lines.push(`The cluster stands. It is simulated: nothing answers at ${server}.`);
  } else {
    const since = Date.now();
    process.stdout.write(`  … waiting for ${server}: usually two to five minutes\n`);
    lines.push(
      (await answers(server, authority))
        ? `${server} answers after ${elapsed(Date.now() - since)}.`
        : `${server} did not answer for ${elapsed(longest)}. ./openaether doctor looks for the cause.`,
    );
  }
  lines.push(
    "",
    `  kubectl --kubeconfig ${kubeconfig} get nodes`,
    `  ./openaether status`,
    `  ./openaether tunnel        # then talosctl --talosconfig ${cluster.fileName("talosconfig")} …`,
  );
  return lines.join("\n");
}

function apiOf(text: string): { server: string; authority: string } {
  const { clusters } = parse(text) as {
    clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
  };
  const [{ cluster }] = clusters;
  const authority = Buffer.from(cluster["certificate-authority-data"], "base64").toString();
  return { server: cluster.server, authority };
}

async function answers(server: string, authority: string): Promise<boolean> {
  for (const end = Date.now() + longest; Date.now() < end;) {
    if (await answersNow(server, authority)) return true;
    await new Promise((resolve) => setTimeout(resolve, between));
  }
  return false;
}

/** Any answer of an API server with the cluster's certificate will do: it asks strangers to log in. */
export function answersNow(server: string, authority: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request(`${server}/version`, { ca: authority, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode !== undefined && response.statusCode < 500);
    });
    call.on("timeout", () => call.destroy());
    call.on("error", () => {
      resolve(false);
    });
    call.end();
  });
}
