import { doctorOn } from "../../commands/doctor";
import { othersThan, ovh } from "../../support/clouds";

doctorOn(othersThan(ovh));
