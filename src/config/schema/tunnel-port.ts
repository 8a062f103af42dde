import { talosPort } from "../../../constructs/model/ports";

/** Not baked in and not compared: it differs between users' machines, and is set with `-var` or TF_VAR_tunnel_port. */
export const tunnelPort = {
  name: "tunnel_port",
  description: "The local port where the tunnel to Talos's API begins.",
  default: talosPort,
} as const;
