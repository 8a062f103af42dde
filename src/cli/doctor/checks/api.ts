import { existsSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { type Identity, readKubeconfig } from "../../cluster/certificates";
import { type Finding, error, ok, warning } from "../finding";
import { fileName, type DoctorContext } from "../context";
import { isUntrusted } from "../../cluster/tls";

const check = "Kubernetes API";
/** In milliseconds. */
const patience = 5_000;

/** Whether the API answers at kubeconfig's address, accepts its client, and has the right certificate. */
export async function kubernetesApi(context: DoctorContext): Promise<Finding[]> {
  const { state, home, isSimulated } = context;
  if (state?.output("kubeconfig") === undefined) return [];
  const file = join(home, fileName(context, "kubeconfig"));
  const text = existsSync(file) ? readFileSync(file, "utf8") : state.output("kubeconfig");
  const identity = readKubeconfig(text ?? "");
  if (identity === undefined) return [];
  if (isSimulated) {
    return [ok(check, `simulated: nothing answers at ${identity.endpoint}, and it was not asked`)];
  }
  return [await askApi(identity)];
}

/** The result of a version request. */
export function askApi(identity: Identity): Promise<Finding> {
  const { endpoint, authority, certificate, key } = identity;
  return new Promise((resolve) => {
    const asked = request(
      new URL("/version", endpoint),
      { ca: authority, cert: certificate, key, timeout: patience, agent: false },
      (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text: string) => (body += text));
        answer.on("end", () => {
          resolve(answered(endpoint, answer.statusCode ?? 0, body));
        });
      },
    );
    asked.on("timeout", () => {
      asked.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" }));
    });
    asked.on("error", (problem: NodeJS.ErrnoException) => {
      resolve(unanswered(endpoint, problem));
    });
    asked.end();
  });
}

function answered(endpoint: string, status: number, body: string): Finding {
  if (status === 200) {
    const version = /"gitVersion":\s*"([^"]+)"/.exec(body)?.[1] ?? "";
    return ok(check, `${version} answers at ${endpoint}`.trim());
  }
  const text = `It answers at ${endpoint}, but not to this kubeconfig (${status}).`;
  return status === 401
    ? error(check, text, "./openaether status --kubeconfig")
    : warning(check, text);
}

function unanswered(endpoint: string, { code = "", message }: NodeJS.ErrnoException): Finding {
  const at = `at ${endpoint}`;
  if (isUntrusted(code)) {
    const text = `What answers ${at} has a certificate of another cluster.`;
    return error(check, text, "./openaether status --kubeconfig");
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const text = `The certificate ${at} does not name it: cluster_endpoint was set after the control planes were created.`;
    return error(check, text, "docs/troubleshooting.md, “certificate is valid for …”");
  }
  if (code === "CERT_HAS_EXPIRED") return error(check, `The certificate ${at} has expired.`);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const text = `${new URL(endpoint).hostname} is not in the DNS.`;
    return error(check, text, "Point it at the load balancer: ./openaether status");
  }
  const fix = "./openaether doctor --my-address <yours>";
  if (code === "ETIMEDOUT" || code === "EHOSTUNREACH" || code === "ENETUNREACH") {
    return error(check, `No answer ${at}: is your address in admin_ip?`, fix);
  }
  if (["ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(code)) {
    const text = `${code === "ECONNREFUSED" ? "Refused" : "Cut off"} ${at}: Kubernetes is starting, or the load balancer reaches no control plane, or refuses your address.`;
    return error(check, text, fix);
  }
  return error(check, `No answer ${at}: ${message}`);
}
