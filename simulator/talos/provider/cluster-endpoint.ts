/**
 * The provider's errors for a cluster endpoint. It does not require a port: https:// without one
 * passes (and then means 443).
 */
export function clusterEndpointProblem(endpoint: string): string | undefined {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/]*)(.*)$/i.exec(endpoint);
  const [, scheme, authority = ""] = match ?? [];
  if (scheme === undefined) {
    const what = /:\d+$/.test(authority) ? "no scheme" : "no scheme and port";
    return `${what} specified for the cluster endpoint URL\ntry: "${suggestion(authority)}"`;
  }
  if (scheme !== "https") {
    return `the control plane endpoint URL should have scheme https://\ntry: "${suggestion(authority)}"`;
  }
  const invalid = (reason: string) => `error validating the cluster endpoint URL: ${reason}`;
  const [, host = authority, port] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? [];
  if (host === "") return invalid("hostname must not be blank");
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) {
    return invalid("port number must be between 1 and 65535");
  }
  if (URL.canParse(endpoint)) return undefined;
  return `failed to parse the cluster endpoint URL: parse "${endpoint}": invalid URL`;
}

function suggestion(authority: string): string {
  return /:\d+$/.test(authority) ? `https://${authority}` : `https://${authority}:6443`;
}
