import { historiesOf } from "../../histories/suite";
import { oneOf, ovh } from "../../support/clouds";

historiesOf(2, 10, oneOf(ovh));
