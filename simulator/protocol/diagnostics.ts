import { Refusal, type Diagnostic, type Path, type SchemaType } from "./model";

interface PathStep {
  attribute_name?: string;
  element_key_string?: string;
  element_key_int?: number;
}

export interface AttributePathMessage {
  readonly steps: PathStep[];
}

export interface DiagnosticMessage {
  readonly severity: "ERROR" | "WARNING";
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: AttributePathMessage;
}

/** @param type The type that the diagnostic's path leads through. */
export function toMessage(diagnostic: Diagnostic, type?: SchemaType): DiagnosticMessage {
  const { severity, summary, detail = "", path } = diagnostic;
  return {
    severity: severity === "error" ? "ERROR" : "WARNING",
    summary,
    detail,
    ...(path && type && { attribute: toAttributePath(type, path) }),
  };
}

/** The wire format of a path. It ends at a set, whose elements have no path steps. */
export function toAttributePath(type: SchemaType, path: Path): AttributePathMessage {
  const steps: PathStep[] = [];
  let at: SchemaType | undefined = type;
  for (const step of path) {
    const kind: string | undefined = Array.isArray(at) ? at[0] : at;
    if (kind === "set") break;
    if (typeof step === "number") steps.push({ element_key_int: step });
    else if (kind === "map") steps.push({ element_key_string: step });
    else steps.push({ attribute_name: step });
    at = Array.isArray(at) ? childType(at, step) : undefined;
  }
  return { steps };
}

/** An exception as a diagnostic: a refusal with its own message, anything else as the simulator's bug. */
export function failure(error: unknown): Diagnostic {
  if (error instanceof Refusal) {
    return {
      severity: "error",
      summary: error.summary,
      detail: error.detail,
      path: error.path,
    };
  }
  return {
    severity: "error",
    summary: "The simulator failed",
    detail: `This is a defect of the simulator, not of your configuration: ${text(error)}`,
  };
}

function text(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  return place ? `${error.message}\n${place.trim()}` : error.message;
}

function childType(type: Exclude<SchemaType, string>, step: string | number) {
  switch (type[0]) {
    case "object":
      return type[1][step];
    case "tuple":
      return type[1][Number(step)];
    default:
      return type[1];
  }
}
