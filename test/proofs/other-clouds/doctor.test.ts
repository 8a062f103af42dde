import { doctorOn } from "../../commands/doctor";
import { oneOfOthersThan, outscale, ovh } from "../../support/clouds";

doctorOn(oneOfOthersThan(ovh, outscale));
