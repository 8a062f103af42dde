/** In-place updates of an instance. */
import type { Values } from "../../protocol/model";
import { mapOf, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { DURATION } from "./catalogue";
import { computeError, during } from "./errors";
import { arrive, bootNow } from "./instance-boot";
import { flavorFor, imageFor } from "./instance-catalogue";
import * as check from "./instance-checks";
import { portsOf } from "./instance-network";
import type { Server } from "./objects";
import { changes, type Call } from "./resource";
import { groupName } from "./security-group";

export async function changeInstance(
  account: Account,
  object: Server,
  planned: Values,
  prior: Values,
  call: Call,
): Promise<void> {
  if (changes(planned, prior, "power_state")) await changePower(account, object, planned, call);
  object.metadata = mapOf(planned.metadata);
  if (changes(planned, prior, "security_groups")) changeGroups(account, object, planned);
  if (changes(planned, prior, "flavor_id", "flavor_name"))
    await resize(account, object, planned, prior, call);
  if (changes(planned, prior, "image_id", "image_name", "personality"))
    await rebuild(account, object, planned, prior, call);
}

/** The argument that changed decides, since the other one of id and name still has its old value. */
function reference(planned: Values, prior: Values, id: string, name: string): Values {
  return changes(planned, prior, id)
    ? { [id]: planned[id] ?? null }
    : changes(planned, prior, name)
      ? { [name]: planned[name] ?? null }
      : { [id]: prior[id] ?? null };
}

/** Moves it to another host if necessary, and boots it there; its disk stays. */
async function resize(
  account: Account,
  object: Server,
  planned: Values,
  prior: Values,
  call: Call,
): Promise<void> {
  const wanted = reference(planned, prior, "flavor_id", "flavor_name");
  during("Error resizing OpenStack server", actionOf(object), () => {
    const flavor = flavorFor(wanted, account, object.region);
    check.quota(account, flavor, object.region, object);
    if (account.limits.outOfStock.includes(flavor.name))
      throw computeError(500, "No valid host was found. No valid host found for resize");
    object.flavor = flavor.name;
  });
  await shutDown(account, object, "RESIZE", DURATION.serverResized, call);
}

/** Writes the image to its disk again; user data and address stay. */
async function rebuild(
  account: Account,
  object: Server,
  planned: Values,
  prior: Values,
  call: Call,
): Promise<void> {
  const wanted = reference(planned, prior, "image_id", "image_name");
  during("Error rebuilding OpenStack server", actionOf(object), () => {
    const image = imageFor(account, wanted, object.region);
    check.imageFits(image, flavorFor({ flavor_name: object.flavor }, account, object.region));
    object.image = { id: image.id, name: image.name, platform: image.platform };
  });
  object.rebuilds += 1;
  await shutDown(account, object, "REBUILD", DURATION.serverRebuilt, call);
}

/** It is off until it arrives, and must not be found ready meanwhile. */
async function shutDown(
  account: Account,
  object: Server,
  status: "RESIZE" | "REBUILD",
  milliseconds: number,
  call: Call,
): Promise<void> {
  object.status = status;
  const arrival = account.settle(object, milliseconds, call);
  account.world.observe?.();
  await arrival;
  arrive(account, object);
}

async function changePower(
  account: Account,
  object: Server,
  planned: Values,
  call: Call,
): Promise<void> {
  const wanted = (stringOf(planned.power_state) ?? "active").toLowerCase();
  if (object.status === "BUILD" && wanted === "active") {
    await call.wait(Math.max(0, object.readyAt - account.now()));
    arrive(account, object);
    return;
  }
  const status = wanted === "active" ? "ACTIVE" : wanted === "paused" ? "PAUSED" : "SHUTOFF";
  object.status = wanted === "shelved_offloaded" ? "SHELVED_OFFLOADED" : status;
  await account.settle(object, DURATION.serverStopped, call);
  if (status === "ACTIVE") bootNow(account, object);
}

/** Groups by name, set on every port of the server. */
function changeGroups(account: Account, object: Server, planned: Values): void {
  const groups = stringsOf(planned.security_groups).map((name) => {
    const found = account.securityGroups
      .all()
      .find((group) => group.region === object.region && group.name === name);
    if (found === undefined) throw computeError(404, `Security group ${name} not found.`);
    return found.id;
  });
  for (const port of portsOf(account, object)) {
    const kept = port.securityGroups.filter((id) => groupName(account, id) === "default");
    port.securityGroups = groups.length > 0 ? groups : kept;
    account.touch(port);
  }
}

function actionOf({ id }: Server): string {
  return `POST v2.1/servers/${id}/action`;
}
