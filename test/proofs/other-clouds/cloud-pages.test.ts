import { pageIsFollowed } from "../../commands/cloud-pages";
import { othersThan, ovh } from "../../support/clouds";

pageIsFollowed(othersThan(ovh));
