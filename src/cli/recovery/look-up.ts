import type { Candidate, DataLookUp, LostResource } from "../../../constructs/model/recovery";
import type { ResourceValues } from "../../../constructs/model/resource-values";
import { errorText, readEvents } from "../../tofu/events";
import { wordsOf } from "../../tofu/process";
import { parsePlan, resourcesOf } from "../../tofu/show-json";
import { ProviderDirectory, type ProviderSource } from "./provider-directory";

/** A resource to look for. */
export interface Sought {
  readonly address: string;
  readonly lost: LostResource;
  readonly by: DataLookUp;
}

/** Objects of the cloud that may be it; or why the cloud could not be read. */
export type Found = { readonly candidates: readonly Candidate[] } | { readonly message: string };

/**
 * Queries the cloud through its provider's data sources, all in one plan that is not applied, in a
 * directory without a state. tofu saves a failed plan, too, with what it could read.
 */
export async function lookUp(
  cluster: ProviderSource,
  sought: readonly Sought[],
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  const askable = sought.flatMap(({ address, lost, by }) => {
    const values = by.arguments(lost);
    const importId = by.imported?.(lost);
    const isKnown = by.imported === undefined || importId !== undefined;
    if (values !== undefined && isKnown) return [{ address, lost, by, values, importId }];
    found.set(address, { message: "too little is known of it" });
    return [];
  });
  if (askable.length === 0) return found;

  const directory = new LookUpDirectory(cluster);
  try {
    const names = new Map(askable.map(({ address }, index) => [address, `sought_${index}`]));
    const { read, errors } = await directory.readAll(
      askable.map(({ address, by, values, importId }) => ({
        type: by.source,
        name: names.get(address) ?? "",
        values,
        importId,
      })),
    );
    for (const one of askable) {
      const { address, lost, by, importId } = one;
      const source = addressOf({ type: by.source, name: names.get(address) ?? "", importId });
      const values = read.get(source);
      const message = errors.get(source) ?? errors.get("") ?? "it could not be read";
      if (values !== undefined) found.set(address, { candidates: by.candidates(values, lost) });
      else if (by.noneMessage?.test(message) === true) found.set(address, { candidates: [] });
      else found.set(address, { message: explained(message, one) });
    }
    return found;
  } finally {
    directory.end();
  }
}

/** The provider's error, what it was asked for, and where a user can see what it has found. */
function explained(
  message: string,
  { by, values }: { readonly by: DataLookUp; readonly values: ResourceValues },
): string {
  const query = Object.entries(values)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join(", ");
  return [
    message.replaceAll(/\s+/g, " "),
    `looked for: ${by.source}, ${query}`,
    ...(by.listedBy === undefined ? [] : [`all there are: ${by.listedBy}`]),
  ].join("\n      ");
}

interface Source {
  readonly type: string;
  readonly name: string;
  readonly values: ResourceValues;
  /** Of a resource. */
  readonly importId: string | undefined;
}

function addressOf({ type, name, importId }: Omit<Source, "values">): string {
  return `${importId === undefined ? "data." : ""}${type}.${name}`;
}

/** Reads data sources, and resources by their imports, in a plan that is not applied. */
class LookUpDirectory {
  private readonly directory: ProviderDirectory;

  constructor(cluster: ProviderSource) {
    this.directory = new ProviderDirectory(cluster, "look-up");
  }

  /** @returns what was read by address, and the errors by address; "" for those of none */
  async readAll(sources: readonly Source[]): Promise<Answers> {
    const first = await this.read(sources);
    const rest = sources.filter(
      (one) => !first.read.has(addressOf(one)) && !first.errors.has(addressOf(one)),
    );
    if (rest.length === 0 || rest.length === sources.length) return first;
    // When the configuration of one is refused, none is read.
    const second = await this.read(rest);
    return {
      read: new Map([...first.read, ...second.read]),
      errors: new Map([...first.errors, ...second.errors]),
    };
  }

  private async read(sources: readonly Source[]): Promise<Answers> {
    const data: Record<string, Record<string, unknown>> = {};
    const resource: Record<string, Record<string, unknown>> = {};
    const imports: { readonly to: string; readonly id: string }[] = [];
    for (const { type, name, values, importId } of sources) {
      ((importId === undefined ? data : resource)[type] ??= {})[name] = values;
      if (importId !== undefined) imports.push({ to: `${type}.${name}`, id: importId });
    }
    this.directory.configure({
      // tofu refuses an empty one.
      ...(Object.keys(data).length === 0 ? {} : { data }),
      ...(imports.length === 0 ? {} : { resource, import: imports }),
    });
    const planned = await this.directory.tofu("plan", "-json", "-out=read.plan");
    const { errors } = readEvents(`${planned.output}\n${planned.errors}`);
    const shown = await this.directory.tofu("show", "-json", "read.plan");
    const found = shown.code === 0 ? resourcesOf(parsePlan(shown.output).prior_state) : [];
    const message = new Map<string, string>();
    for (const error of errors) message.set(error.source ?? "", errorText([error]));
    if (planned.code !== 0 && errors.length === 0) message.set("", wordsOf(planned));
    const read = new Map(found.map(({ address, values = {} }) => [address, values]));
    return { read, errors: message };
  }

  end(): void {
    this.directory.end();
  }
}

interface Answers {
  readonly read: ReadonlyMap<string, ResourceValues>;
  readonly errors: ReadonlyMap<string, string>;
}
