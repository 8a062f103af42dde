export { createTalosProvider } from "./provider";
export { type NodeStatus, TalosNodes } from "./nodes/talos-nodes";
export type { HeldCall } from "./nodes/call-holds";
export { RouteError } from "./nodes/route-error";
export type { NodeFault, NodeFaultKind } from "./nodes/node-faults";
