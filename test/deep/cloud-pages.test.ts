import { pageIsFollowed } from "../commands/cloud-pages";
import { outscale } from "../support/clouds";

// Its image is uploaded into a real object store.
pageIsFollowed([outscale]);
