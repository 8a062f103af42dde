import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TalosProvider } from "#bindings/talos/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import {
  TerraformDataSource,
  type TerraformElement,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
} from "cdktf";
import type { Construct } from "constructs";

/** Of the utility providers that a stack has not got: distinct from what its own code may add later. */
const alias = "openaether";

const utilities = {
  local: LocalProvider,
  null: NullProvider,
  talos: TalosProvider,
  tls: TlsProvider,
};

/**
 * The providers that need no configuration: the stack's own where it has one, otherwise one with an
 * alias, which all clusters of the stack share.
 */
export function utilityProviders(scope: Construct): TerraformProvider[] {
  const stack = TerraformStack.of(scope);
  const present = stack.node.findAll().filter(isProvider);
  return Object.entries(utilities).map(
    ([name, Provider]) =>
      present.find(
        (one) =>
          one.terraformResourceType === name && (one.alias === undefined || one.alias === alias),
      ) ?? new Provider(stack, `${alias}_${name}`, { alias }),
  );
}

/** Lets every resource and data source of the scope use the one of its type. */
export function useProviders(scope: Construct, providers: readonly TerraformProvider[]): void {
  for (const element of scope.node.findAll()) {
    if (!isResource(element) && !isDataSource(element)) continue;
    // Without an alias it is the default for its type.
    const own = providers.find((one) => one.alias !== undefined && areOfOneType(one, element));
    if (own !== undefined) element.provider = own;
  }
}

function areOfOneType(provider: TerraformProvider, element: TerraformElement): boolean {
  return typeOf(provider) !== undefined && typeOf(provider) === typeOf(element);
}

/** "scaleway"; undefined for what is built into tofu. */
function typeOf(element: TerraformElement): string | undefined {
  const { terraformGeneratorMetadata: metadata } = element as {
    readonly terraformGeneratorMetadata?: { readonly providerName: string };
  };
  return metadata?.providerName;
}

const isProvider = (one: unknown): one is TerraformProvider =>
  TerraformProvider.isTerraformProvider(one);
const isResource = (one: unknown): one is TerraformResource =>
  TerraformResource.isTerraformResource(one);
const isDataSource = (one: unknown): one is TerraformDataSource =>
  TerraformDataSource.isTerraformDataSource(one);
