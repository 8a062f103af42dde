import type { TofuEvent } from "../../src/tofu/events";

/** The output of tofu and the command line that a user reads: no refresh, no attributes. */
export function essence(printed: string): string {
  return printed
    .split("\n")
    .flatMap((line) => (line.startsWith("{") ? excerpt(line) : [line]))
    .join("\n");
}

function excerpt(line: string): string[] {
  const event = JSON.parse(line) as TofuEvent & { "@message"?: string };
  const { type = "", diagnostic } = event;
  if (diagnostic?.severity === "warning") return [];
  if (diagnostic === undefined && !/^(planned_change|apply_(start|complete|errored))$/.test(type)) {
    return [];
  }
  const { address = "", detail = "" } = diagnostic ?? {};
  return [`${event["@message"] ?? ""} ${address} ${detail}`.trim()];
}
