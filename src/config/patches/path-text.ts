/** "machine.network.interfaces[0].mtu" */
export function pathText(path: readonly string[]): string {
  return path.map((step, i) => (i === 0 || step.startsWith("[") ? step : `.${step}`)).join("");
}
