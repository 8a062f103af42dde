import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TalosProvider } from "#bindings/talos/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { TerraformDataSource, TerraformElement, TerraformResource, TerraformStack } from "cdktf";
import type { Node } from "constructs";

/** A stack of one cluster: its resources have addresses that users know. */
export class ReadableStack extends TerraformStack {
  private readonly elements = new Map<string, TerraformElement>();

  /**
   * Addresses that users know: a resource is named after its construct
   * (scaleway_instance_server.control_plane_0), anything else after itself.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    if (!TerraformElement.isTerraformElement(element)) return element.id;
    const isPart =
      TerraformResource.isTerraformResource(element) ||
      TerraformDataSource.isTerraformDataSource(element);
    const parent = element.node.scope;
    const name =
      isPart && parent !== undefined && parent !== this ? parent.node.id : element.node.id;

    const address = `${element.constructor.name}.${name}`;
    const other = this.elements.get(address);
    if (other !== undefined && other !== element) {
      throw new TypeError(`${other.node.path} and ${element.node.path} are both ${address}`);
    }
    this.elements.set(address, element);
    return name;
  }
}

/** The oldest tofu, and the providers that need no configuration, each as the default of its type. */
export function requireTofu(stack: TerraformStack): void {
  stack.addOverride("terraform.required_version", ">= 1.11.0");
  new LocalProvider(stack, "local");
  new NullProvider(stack, "null");
  new TalosProvider(stack, "talos");
  new TlsProvider(stack, "tls");
}
