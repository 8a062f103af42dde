import { expect, test } from "@jest/globals";
import { cloudInfo } from "../../../../providers/info";
import { neededImage } from "../../../../src/cli/image/needed";
import { specOf, synthesized, values } from "../../../support/input";

test("the image that is created is the one that the installer keeps a node on", () => {
  const { schematic_id, talos_version, platform } = synthesized(values()).at(
    "talos_image_factory_urls.talos_config",
  );
  const needed = neededImage(specOf(values()));
  expect(needed).toMatchObject({ schematic: schematic_id, version: talos_version });
  expect(cloudInfo.scaleway.talos.imageFile).toBe(`${String(platform)}-amd64.qcow2`);
});

test("on Scaleway it is needed in every zone that has nodes, once", () => {
  const zones = ["fr-par-2", "fr-par-1", "fr-par-2"];
  expect(neededImage(specOf(values({ control_planes: 3, zones })))?.places).toEqual([
    "fr-par-1",
    "fr-par-2",
  ]);
});

test("an image that is named by its id is not created", () => {
  const image_id = "fr-par-1/11111111-2222-4333-8444-555555555555";
  const image_name = undefined;
  expect(neededImage(specOf(values({ image_id, image_name })))).toBeUndefined();
});
