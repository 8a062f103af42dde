import { pageIsFollowed } from "../../commands/cloud-pages";
import { oneOfOthersThan, ovh, scaleway } from "../../support/clouds";

pageIsFollowed(oneOfOthersThan(ovh, scaleway));
