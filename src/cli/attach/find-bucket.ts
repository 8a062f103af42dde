import { type CloudName, cloudNames } from "../../../constructs/model/cluster-spec";
import { cloudInfo } from "../../../providers/info";
import { type GivenPlace, givenPlace, stateInVariable } from "../../config/given-state";
import { UserError } from "../../errors";
import type { Bucket } from "../../object-store/bucket";
import { isObject } from "../../../constructs/model/resource-values";
import type { Prompter } from "../terminal/prompter";

/** Where the state is, as options. */
export interface BucketOptions {
  readonly cloud?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly bucket?: string;
  readonly profile?: string;
}

/** In the environment, as for a tofu.tfvars without it: the whole of `state`. */
const variable = "TF_VAR_state";

/**
 * The bucket with the state, and how the state is encrypted: from TF_VAR_state and the options, and
 * where there is a terminal from answers. A passphrase, where nothing else is named.
 * @throws UserError with what is missing or wrong
 */
export async function findBucket(
  options: BucketOptions,
  prompter: Prompter | undefined,
): Promise<Omit<GivenPlace, "bucket"> & { readonly bucket: Bucket }> {
  const text = process.env[variable];
  const inVariable = text === undefined ? {} : await stateInVariable(variable, text);
  const state = isObject(inVariable) ? inVariable : {};
  const { region, profile } = options;
  const given = isObject(state["bucket"]) ? state["bucket"] : {};
  const store: Record<string, unknown> = {
    ...given,
    ...storeOf(options),
    ...(region === undefined ? {} : { region }),
    ...(options.bucket === undefined ? {} : { name: options.bucket }),
    ...(profile === undefined ? {} : { profile }),
  };
  if (prompter !== undefined) await askForRest(store, prompter);
  const missing = missingIn(store);
  if (missing.length > 0) {
    throw new UserError(
      `Which bucket has the state? Missing: ${missing.join(", ")}. For example:\n\n` +
        "  ./openaether attach --cloud scaleway --region fr-par --bucket acme-openaether",
    );
  }
  const { settings, bucket } = givenPlace({ encryption: "passphrase", ...state, bucket: store });
  if (bucket === undefined) throw new Error("a bucket that passed the checks");
  return { settings, bucket };
}

/** One in place of the other, which TF_VAR_state may have. */
function storeOf({ cloud, endpoint }: BucketOptions): object {
  return {
    ...(cloud === undefined ? {} : { cloud, endpoint }),
    ...(endpoint === undefined ? {} : { endpoint, cloud }),
  };
}

function missingIn({ cloud, endpoint, region, name }: Record<string, unknown>): string[] {
  return [
    ...(cloud === undefined && endpoint === undefined ? ["--cloud or --endpoint"] : []),
    ...(region === undefined ? ["--region"] : []),
    ...(name === undefined ? ["--bucket"] : []),
  ];
}

async function askForRest(store: Record<string, unknown>, prompter: Prompter): Promise<void> {
  const required = (answer: string) => (answer === "" ? "Required." : undefined);
  if (store["cloud"] === undefined && store["endpoint"] === undefined) {
    const answer = await prompter.ask({
      text: "The cloud whose object store has the state, or the address of another store",
      choices: {
        options: cloudNames.map((value) => ({ value, label: cloudInfo[value].title })),
        other: "another store",
      },
      check: required,
    });
    store[isCloud(answer) ? "cloud" : "endpoint"] = answer;
  }
  const { cloud } = store;
  if (store["region"] === undefined) {
    const regions = isCloud(cloud) ? cloudInfo[cloud].objectStore.regions : undefined;
    store["region"] = await prompter.ask({
      text: "The region of the bucket",
      ...(regions === undefined
        ? {}
        : { choices: { options: regions.map((value) => ({ value })) } }),
      check: required,
    });
  }
  store["name"] ??= await prompter.ask({ text: "The name of the bucket", check: required });
}

function isCloud(name: unknown): name is CloudName {
  return cloudNames.some((one) => one === name);
}
