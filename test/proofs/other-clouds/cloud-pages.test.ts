import { pageIsFollowed } from "../../commands/cloud-pages";
import { scaleway } from "../../support/clouds";

// Outscale's needs a real object store: test/deep/cloud-pages.test.ts
pageIsFollowed([scaleway]);
