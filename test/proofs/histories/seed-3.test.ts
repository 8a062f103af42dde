import { historiesOf } from "../../histories/suite";
import { oneOf, outscale } from "../../support/clouds";

historiesOf(3, 10, oneOf(outscale));
