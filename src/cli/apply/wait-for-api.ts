import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { parse } from "yaml";
import { UserError } from "../../errors";
import { apiVariable } from "../cluster/api-endpoint";
import type { Cluster } from "../cluster/cluster";
import { isUntrusted } from "../cluster/tls";
import { elapsed } from "../../view/elapsed";
import { print } from "../../view/output";

/** Kubernetes's control plane pulls its images after the bootstrap: minutes, or more on a slow line. */
const longest = 10 * 60_000;
const between = 3000;

/**
 * Waits until the API answers, and prints all endpoints.
 * @throws UserError when what answers there is not this cluster's API
 */
export async function waitForApi(
  cluster: Pick<Cluster, "fileName" | "home" | "isSimulated">,
): Promise<string> {
  const kubeconfig = cluster.fileName("kubeconfig");
  const { server, authority } = apiOf(readFileSync(join(cluster.home, kubeconfig), "utf8"));
  const lines = [""];
  if (cluster.isSimulated) {
    const local = process.env[apiVariable] ?? "";
    const where =
      local === "" ? `nothing answers at ${server}` : `its API answers at https://${local}`;
    lines.push(`The cluster exists. It is simulated: ${where}.`);
  } else {
    const since = Date.now();
    print(`  … waiting for ${server}: usually two to five minutes`);
    const answer = await answerWithin(longest, server, authority);
    if (answer === "stranger") {
      throw new UserError(
        `What answers at ${server} has a certificate that this cluster's certificate authority did not ` +
          "sign: it is another server, or something in between. Do not use kubectl with it.\n\n  ./openaether doctor",
      );
    }
    lines.push(
      answer === "answered"
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

/** The result of a version request. */
export type ApiAnswer =
  /** With the cluster's certificate. */
  | "answered"
  /** By a server whose certificate the cluster's CA did not sign. */
  | "stranger"
  /** Not yet, or not to this address. */
  | "silent";

async function answerWithin(
  milliseconds: number,
  server: string,
  authority: string,
): Promise<ApiAnswer> {
  for (const end = Date.now() + milliseconds; ;) {
    const answer = await askNow(server, authority);
    if (answer !== "silent" || Date.now() >= end) return answer;
    await new Promise((resolve) => setTimeout(resolve, between));
  }
}

/** Any answer of an API server with the cluster's certificate is sufficient: anonymous requests get 401. */
function askNow(server: string, authority: string): Promise<ApiAnswer> {
  return new Promise((resolve) => {
    const options = { ca: authority, timeout: 5000, agent: false };
    const call = request(`${server}/version`, options, (response) => {
      response.resume();
      const isAnswer = response.statusCode !== undefined && response.statusCode < 500;
      resolve(isAnswer ? "answered" : "silent");
    });
    call.on("timeout", () => call.destroy());
    call.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
      resolve(isUntrusted(code) ? "stranger" : "silent");
    });
    call.end();
  });
}
